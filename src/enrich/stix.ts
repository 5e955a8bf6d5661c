import { severityOf } from './indicator.ts';
import { indicatorsMax } from './limits.ts';
import type { ListEntries, ListEntry } from './list-entry.ts';
import type { FileContent } from './read-file.ts';
import { asInvalid, invalid } from './read-table.ts';
import { instantOf } from './row-values.ts';
import { readStixPattern } from './stix-pattern.ts';

type Json = Readonly<Record<string, unknown>>;

/** Whether a JSON text is a STIX bundle, or the answer of a TAXII server. */
export function isStix(text: string): boolean {
  return (
    /^\s*\{/.test(text) &&
    /"objects"\s*:/.test(text) &&
    /"(?:spec_version|pattern|pattern_type)"\s*:|"bundle"/.test(text)
  );
}

/** Reads the indicators of a STIX 2.1 bundle; what is revoked, or replaced by a later version, is left out. */
export function readStix(content: FileContent, text: string): ListEntries {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw asInvalid(content, thrown);
  }
  const objects = isObject(value) ? value['objects'] : undefined;
  if (!Array.isArray(objects)) throw invalid(content, 'it is no STIX bundle: "objects" is no list');
  const entries: ListEntry[] = [];
  let unmatchable = 0;
  let exceeded = 0;
  for (const [index, indicator] of latest(objects).entries()) {
    const found = readIndicator(indicator, index + 1);
    if (found.length === 0) unmatchable++;
    for (const entry of found) {
      if (entries.length < indicatorsMax) entries.push(entry);
      else exceeded++;
    }
  }
  return { entries, unmatchable, exceeded };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The newest version of each indicator; `revoked` takes it away. */
function latest(objects: readonly unknown[]): readonly Json[] {
  const byId = new Map<string, Json>();
  for (const [index, object] of objects.entries()) {
    if (!isObject(object) || object['type'] !== 'indicator') continue;
    const id = typeof object['id'] === 'string' ? object['id'] : `#${index}`;
    const known = byId.get(id);
    if (known === undefined || String(object['modified'] ?? '') >= String(known['modified'] ?? ''))
      byId.set(id, object);
  }
  return [...byId.values()].filter((object) => object['revoked'] !== true);
}

/** Empty when the pattern is not matchable, or names no address. */
function readIndicator(object: Json, at: number): readonly ListEntry[] {
  const type = object['pattern_type'];
  if (typeof object['pattern'] !== 'string' || (type !== undefined && type !== 'stix')) return [];
  const pattern = readStixPattern(object['pattern']);
  const confidence = object['confidence'];
  const from = timeIn(object, 'valid_from');
  const until = timeIn(object, 'valid_until');
  return (pattern?.addresses ?? []).map((value) => ({
    at,
    value,
    confidence: typeof confidence === 'number' && confidence >= 0 && confidence <= 100 ? confidence : undefined,
    severity: severityOf(typeof object['x_severity'] === 'string' ? object['x_severity'] : undefined),
    labels: labelsOf(object),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  }));
}

function timeIn(object: Json, key: string): number | undefined {
  const value = object[key];
  const time = typeof value === 'string' ? instantOf(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** The four traffic lights as STIX 2.1 names them. */
const lights: ReadonlyMap<unknown, string> = new Map([
  ['marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9', 'tlp:white'],
  ['marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da', 'tlp:green'],
  ['marking-definition--f88d31f6-486f-44da-b317-01333bde0b82', 'tlp:amber'],
  ['marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed', 'tlp:red'],
]);

function labelsOf(object: Json): readonly string[] {
  const words = [object['indicator_types'], object['labels']].flatMap((list) => (Array.isArray(list) ? list : []));
  const markings = Array.isArray(object['object_marking_refs']) ? object['object_marking_refs'] : [];
  return [
    ...new Set([
      ...words.filter((word): word is string => typeof word === 'string'),
      ...markings.flatMap((marking) => lights.get(marking) ?? []),
    ]),
  ];
}
