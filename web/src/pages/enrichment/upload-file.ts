import type { ContextKind } from '../../api/enrichment.ts';
import { formatBytes } from '../../parts/format.ts';

/** Endings of file names, and the form they mean. */
const forms: Readonly<Record<string, string>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  json: 'json',
  stix: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  yaml: 'yaml',
  yml: 'yaml',
  txt: 'txt',
  list: 'txt',
  netset: 'txt',
  ipset: 'txt',
  mmdb: 'mmdb',
};
const nameLengthMax = 63;

/** What a chosen file is: its form, or why it cannot be taken. */
export type ChosenForm = { readonly form: string } | { readonly problem: string };

/** Reads the form of a file from its name, as far as the kind has it. */
export function formOf({ title, forms: known }: ContextKind, file: { name: string; size: number }): ChosenForm {
  const ending = endingOf(file.name);
  const form = known.find((one) => one.form === forms[ending]);
  if (form === undefined) {
    const list = known.map((one) => one.form).join(', ');
    const found = ending === '' ? 'The name of this file does not say what it is' : `This file is .${ending}`;
    return { problem: `${found}; ${title.toLowerCase()} can be ${list}.` };
  }
  if (file.size > form.bytesMax) {
    return { problem: `The file has ${formatBytes(file.size)}; ${formatBytes(form.bytesMax)} are taken at most.` };
  }
  return { form: form.form };
}

/** A name for a file that needs one, from the name it has. */
export function suggestName(fileName: string): string {
  const ending = endingOf(fileName);
  const base = ending === '' ? fileName : fileName.slice(0, -ending.length - 1);
  return base
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^[-_]+|-+$/g, '')
    .slice(0, nameLengthMax);
}

function endingOf(fileName: string): string {
  const point = fileName.lastIndexOf('.');
  return point < 0 ? '' : fileName.slice(point + 1).toLowerCase();
}
