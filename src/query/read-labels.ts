import { AppError } from '#error';
import type { Label } from '#event';
import { findField, nearestFields } from './field-name.ts';

/** Reads labels as a person or a request names them: repeated or separated by commas, in any case. Throws `unknown-field`. */
export function readLabels(names: readonly string[], parameter: string): readonly Label[] {
  const found = new Set<Label>();
  for (const list of names) {
    for (const name of list.split(',')) {
      if (name.trim() !== '') found.add(readLabel(name, parameter));
    }
  }
  return [...found];
}

/** Reads one label. Throws `unknown-field`, with the nearest names. */
export function readLabel(name: string, parameter: string): Label {
  const label = findField(name.trim());
  if (label !== undefined) return label;
  const shown = name.trim().slice(0, 64);
  const near = nearestFields(shown);
  throw new AppError('unknown-field', `There is no field ${JSON.stringify(shown)} (parameter "${parameter}").`, {
    place: { field: parameter, found: shown, ...(near.length === 0 ? {} : { expected: near.join(', ') }) },
    ...(near.length === 0 ? {} : { hint: `Did you mean ${near.join(', ')}?` }),
  });
}

/** Reads a sort: a label, with `-` in front for descending. */
export function readSort(text: string): { readonly label: Label; readonly order: 'ascending' | 'descending' } {
  const descending = text.startsWith('-');
  return { label: readLabel(text.replace(/^[-+ ]/, ''), 'sort'), order: descending ? 'descending' : 'ascending' };
}
