import type { WriteStream } from 'node:tty';
import { cutColumns } from './terminal-text.ts';

/** Time after which a bar appears, and time between two pictures of it. */
const appearMs = 2000;
const pictureMs = 200;
const barColumns = 24;

/** How far reading has come. */
export interface Standing {
  readonly consumedBytes: number;
  readonly lines: number;
}

/** Shows on a terminal how far reading has come; silent elsewhere, and for the first two seconds. */
export class ReadProgress {
  readonly #stream: WriteStream;
  readonly #totalBytes: number;
  readonly #begun: number = Date.now();
  #shown = 0;
  #visible = false;

  /** `totalBytes` is 0 when nobody knows it. */
  constructor(stream: WriteStream, totalBytes: number) {
    this.#stream = stream;
    this.#totalBytes = totalBytes;
  }

  update(standing: Standing): void {
    const now = Date.now();
    if (!this.#stream.isTTY || now - this.#begun < appearMs || now - this.#shown < pictureMs) return;
    this.#shown = now;
    this.#visible = true;
    const text = progressText(standing, this.#totalBytes, (now - this.#begun) / 1000);
    this.#stream.write(`\r\u001b[K${cutColumns(text, Math.max(20, this.#stream.columns - 1))}`);
  }

  /** Takes the bar away, so that words can be written. */
  clear(): void {
    if (this.#visible) this.#stream.write('\r\u001b[K');
    this.#visible = false;
  }
}

/** The line that is shown: bar, share, lines a second, time left. */
export function progressText({ consumedBytes, lines }: Standing, totalBytes: number, seconds: number): string {
  const rate = `${formatCount(lines)} lines, ${formatCount(Math.round(lines / seconds))}/s`;
  if (totalBytes === 0) return `${formatBytes(consumedBytes)}  ${rate}`;
  const share = Math.min(1, consumedBytes / totalBytes);
  const full = Math.round(share * barColumns);
  const left = share > 0 ? Math.round((seconds / share) * (1 - share)) : 0;
  const bar = '█'.repeat(full) + '░'.repeat(barColumns - full);
  return `${bar} ${Math.floor(share * 100)} %  ${rate}  ${formatSeconds(left)} left`;
}

/** A count with separators: 1,234,567. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Bytes in the unit that reads best. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A stretch of time in seconds, minutes or hours. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 && !Number.isInteger(seconds) ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
