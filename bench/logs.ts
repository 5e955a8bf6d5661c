import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const corpusRoot: string = process.env['MERIDIAN_CORPUS'] ?? join(import.meta.dirname, '../../shared/corpus');
const demo = join(import.meta.dirname, '../demo/slapd-corp/access.gz');

/** A log to measure with. */
export interface BenchLog {
  /** How it is written. */
  readonly format: string;
  readonly bytes: Buffer;
  readonly lines: number;
}

const formats = [
  ['text, 2.3.1', '2.3.1-text-medium'],
  ['text with internal operations, 2.3.1', '2.3.1-text-restart-internal'],
  ['text with index statistics, 3.3', '3.3-text-small'],
  ['JSON, 3.3', '3.3-json-medium'],
  ['pretty JSON, 3.3', '3.3-json-pretty-small'],
] as const;

/** Gives one log per format, each repeated to at least so many bytes; only the demo log where no corpus is at hand. */
export function benchLogs(bytesMin: number): readonly BenchLog[] {
  const logs = formats.flatMap(([format, folder]) => {
    const bytes = readCorpus(folder);
    return bytes === undefined ? [] : [repeated(format, bytes, bytesMin)];
  });
  return logs.length > 0 ? logs : [repeated('text, 2.3.1', gunzipSync(readFileSync(demo)), bytesMin)];
}

/** Writes a log into a folder of its own under the name the server gives it. */
export function writeLog(log: BenchLog): string {
  const folder = join(tmpdir(), `meridian-bench-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'access');
  writeFileSync(path, log.bytes);
  return path;
}

function readCorpus(folder: string): Buffer | undefined {
  const plain = join(corpusRoot, '389ds', folder, 'access');
  if (existsSync(plain)) return readFileSync(plain);
  return existsSync(`${plain}.gz`) ? gunzipSync(readFileSync(`${plain}.gz`)) : undefined;
}

function repeated(format: string, bytes: Buffer, bytesMin: number): BenchLog {
  const copies = Math.max(1, Math.ceil(bytesMin / bytes.length));
  const all = Buffer.concat(Array.from({ length: copies }, () => bytes));
  let lines = 0;
  for (let at = all.indexOf(10); at >= 0; at = all.indexOf(10, at + 1)) lines++;
  return { format, bytes: all, lines };
}
