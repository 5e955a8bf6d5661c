import type { Page } from 'playwright-core';
import { chromiumPath, openConsoleOf, openPage } from '../test/end-to-end/browser.ts';

/** Times of one kind, in milliseconds. */
interface Spread {
  readonly p50: number;
  readonly p95: number;
}

/** One view of Hunt, opened again and again in a fresh tab. */
export interface PaintRun {
  readonly name: string;
  /** From going there to the first thing on the screen. */
  readonly first: Spread;
  /** From going there to rows, histogram and fields on the screen. */
  readonly whole: Spread;
}

/** How the console feels over a store of some size. */
export interface ConsoleRun {
  readonly paints: readonly PaintRun[];
  /** Times between pictures while the table is scrolled through thousands of rows. */
  readonly scroll: Spread & { readonly longest: number; readonly frames: number };
}

const runs = 20;
const dayMs = 86_400_000;
const settleMs = 2_000;
const lookMs = 50;
const wheelSteps = 120;
const wheelPixels = 400;
const wheelMs = 16;

/** Marks the moment after which rows, histogram and fields have been painted; runs in the page, before its scripts. */
const watchPaint = `
  addEventListener('DOMContentLoaded', () => {
    const look = () => {
      const isThere = document.querySelector('.events-body .events-row') && document.querySelector('.histogram-plot rect')
        && document.querySelector('.facet-value');
      requestAnimationFrame(isThere ? () => performance.mark('painted') : look);
    };
    look();
  });
`;
/** Notes the time of each picture, until told to stop. */
const watchFrames = `
  window.frameTimes = [];
  const note = (time) => { window.frameTimes.push(time); requestAnimationFrame(note); };
  requestAnimationFrame(note);
`;

/** Opens Hunt over a store of the embedded engine, as its users do; undefined where there is no browser. */
export async function measureConsole(data: string, newest: number): Promise<ConsoleRun | undefined> {
  if (chromiumPath === undefined) return undefined;
  const console = await openConsoleOf(data);
  try {
    const { page, context } = await openPage(console);
    await context.addInitScript(watchPaint);
    const failures = encodeURIComponent('eventSubType: RESULT and outcome: failure');
    const views = {
      'the last day': `/hunt?${windowOf(newest, 1)}`,
      'failures of all seven days': `/hunt?q=${failures}&${windowOf(newest, 7)}`,
      'everything of all seven days': `/hunt?${windowOf(newest, 7)}`,
    };
    const paints: PaintRun[] = [];
    for (const [name, address] of Object.entries(views)) paints.push({ name, ...(await paint(page, address)) });
    return { paints, scroll: await scroll(page) };
  } finally {
    await console.close();
  }
}

function windowOf(newest: number, days: number): string {
  return `from=${new Date(newest - days * dayMs).toISOString()}&to=${new Date(newest + 1).toISOString()}`;
}

async function paint(page: Page, address: string): Promise<Omit<PaintRun, 'name'>> {
  const first: number[] = [];
  const whole: number[] = [];
  for (let run = 0; run <= runs; run++) {
    await page.goto('about:blank');
    await page.goto(address);
    // The policy of the console lets nobody wait by a function in the page.
    while ((await page.evaluate<number>(`performance.getEntriesByName('painted').length`)) === 0) {
      await page.waitForTimeout(lookMs);
    }
    // The first run is cold: the browser has no script compiled, the engine nothing read.
    if (run === 0) continue;
    first.push(await page.evaluate<number>(`performance.getEntriesByName('first-contentful-paint')[0].startTime`));
    whole.push(await page.evaluate<number>(`performance.getEntriesByName('painted')[0].startTime`));
  }
  return { first: spreadOf(first), whole: spreadOf(whole) };
}

async function scroll(page: Page): Promise<ConsoleRun['scroll']> {
  await page.waitForTimeout(settleMs);
  await page.locator('.events').hover();
  await page.evaluate(watchFrames);
  for (let step = 0; step < wheelSteps; step++) {
    await page.mouse.wheel(0, wheelPixels);
    await page.waitForTimeout(wheelMs);
  }
  const times = await page.evaluate<readonly number[]>('window.frameTimes');
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
  return { ...spreadOf(gaps), longest: Math.max(...gaps), frames: gaps.length };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
}
