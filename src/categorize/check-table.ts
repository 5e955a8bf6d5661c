import { AppError } from '#error';
import { modelledTypes } from '#event';
import type { CategoryTable } from '#source';

/** Tags of one table: each is one bit of a 31-bit number. */
const tagsMax = 30;

/** Checks what the compiler of the language cannot: every type, reason and tag. Throws `categories-wrong`. */
export function checkTable(table: CategoryTable): void {
  const pairs = new Set<string>(modelledTypes.map((one) => one.pair));
  for (const rule of table.categories) {
    for (const pair of typeof rule.is === 'string' ? [rule.is] : Object.values(rule.is)) {
      if (!pairs.has(pair)) refuse(`step ${rule.step}`, pair, 'a type of the category model');
    }
  }
  for (const { reason } of table.outcomes) {
    if (reason !== undefined && table.reasons[reason] === undefined) refuse('outcomes', reason, 'one of the reasons');
  }
  const tags = new Set(table.tags.map((rule) => rule.tag));
  if (tags.size > tagsMax) refuse('tags', String(tags.size), `at most ${tagsMax} tags`);
}

function refuse(field: string, found: string, expected: string): never {
  throw new AppError('categories-wrong', `The category table has "${found}" in ${field}, which is not ${expected}.`, {
    place: { field, found, expected },
  });
}
