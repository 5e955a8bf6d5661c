import { readQuestion } from '#query';

/** A window as a person chose it: QQL dates; empty means no bound. */
export interface TimeWindow {
  readonly from: string;
  readonly to: string;
}

/** A window at one moment: epoch milliseconds, `from` included, `to` not. */
export interface Bounds {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** Windows people choose without thinking. */
export const usualWindows: readonly (TimeWindow & { readonly label: string })[] = [
  { label: 'Last 15 minutes', from: 'now-15m', to: 'now' },
  { label: 'Last hour', from: 'now-1h', to: 'now' },
  { label: 'Last 4 hours', from: 'now-4h', to: 'now' },
  { label: 'Last 24 hours', from: 'now-24h', to: 'now' },
  { label: 'Last 7 days', from: 'now-7d', to: 'now' },
  { label: 'Last 30 days', from: 'now-30d', to: 'now' },
  { label: 'All time', from: '', to: '' },
];

export const defaultWindow: TimeWindow = { from: 'now-24h', to: 'now' };

/** Gives the window at a moment. Throws an error with a sentence when a bound is no date. */
export function boundsOf({ from, to }: TimeWindow, zone: string, now: number): Bounds {
  const question = readQuestion({ q: '', from, to, zone }, now);
  return { from: question.from, to: question.to };
}

/** Gives the window in words. */
export function nameOf(window: TimeWindow, show: (time: number) => string, zone: string): string {
  const usual = usualWindows.find(({ from, to }) => from === window.from && to === window.to);
  if (usual !== undefined) return usual.label;
  const bound = (text: string, missing: string): string => {
    if (text === '') return missing;
    if (text.startsWith('now')) return text;
    try {
      const { from } = boundsOf({ from: text, to: '' }, zone, Date.now());
      return from === undefined ? text : show(from);
    } catch {
      return text;
    }
  };
  return `${bound(window.from, 'the beginning')} – ${bound(window.to, 'now')}`;
}
