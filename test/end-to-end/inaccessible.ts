import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Level AA of WCAG 2.2, which holds all before it. */
const everything = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] as const;
/** Places that are shown of one rule. */
const shownMax = 3;

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** What axe finds wrong with a page, by WCAG 2.2 AA or by some rules alone. */
export async function inaccessible(page: Page, rules: readonly string[] = everything): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<Found>(`axe.run(document, { runOnly: ${JSON.stringify(rules)} })`);
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, shownMax)
      .map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`),
  );
}
