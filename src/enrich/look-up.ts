import { createEvent, type Event, foldDn, parseAddress, toPlain } from '#event';
import { assetAt } from './assets.ts';
import { EventContext } from './event-context.ts';
import { isIgnored } from './ignore-list.ts';
import { Knowledge, type KnownPart } from './knowledge.ts';
import type { KnownFiles } from './known-files.ts';
import type { FileKind } from './options.ts';
import { isPublic } from './special-addresses.ts';

/** Labels that are added, by name. */
export type Added = Readonly<Record<string, unknown>>;

/** What an address, a DN or a host name would get. */
export interface LookUp {
  readonly kind: 'address' | 'dn' | 'host';
  /** As it is compared: the address in its usual form, the folded DN, the name. */
  readonly value: string;
  /** Everything that is added, as client and server, or as who acts and who is named. */
  readonly added: Added;
  /** What each file adds by itself. */
  readonly parts: readonly { readonly kind: string; readonly source: string; readonly added: Added }[];
  /** Why something is not added that one might expect. */
  readonly remarks: readonly string[];
}

/** What says something although no file does. */
const builtIn = 'built-in';

/** Tells what a text would get at a time (epoch milliseconds). A text that is neither address nor DN is a host name. */
export function lookUp(text: string, time: number, { parts, lacking }: Pick<KnownFiles, 'parts' | 'lacking'>): LookUp {
  const asked = readAsked(text.trim());
  const knowledge = uncounted(parts, lacking);
  const usual = addedBy(uncounted([]), asked, time);
  const told = parts.flatMap((part) => {
    const added = besides(usual, addedBy(uncounted([part]), asked, time));
    return Object.keys(added).length === 0 ? [] : [{ kind: part.kind, source: part.source, added }];
  });
  const own = Object.keys(usual).length === 0 ? [] : [{ kind: builtIn, source: builtIn, added: usual }];
  return {
    kind: asked.kind,
    value: asked.value,
    added: addedBy(knowledge, asked, time),
    parts: [...own, ...told],
    remarks: asked.kind === 'dn' ? [] : remarksOn(asked, time, knowledge, parts),
  };
}

/** Knowledge of its own: what fails here is no event's, and is remembered for none. */
function uncounted(parts: readonly KnownPart[], lacking: ReadonlySet<FileKind> = new Set()): Knowledge {
  return new Knowledge(parts, lacking, () => {});
}

type Asked = Pick<LookUp, 'kind' | 'value'>;

function readAsked(text: string): Asked {
  const address = parseAddress(text);
  if (address !== undefined) return { kind: 'address', value: address.text };
  const dn = text.includes('=') ? foldDn(text) : undefined;
  return dn === undefined ? { kind: 'host', value: text } : { kind: 'dn', value: dn };
}

function addedBy(knowledge: Knowledge, { kind, value }: Asked, time: number): Added {
  const event = eventOf(kind, value);
  event.eventTime = time;
  const before = new Set(Object.keys(toPlain(event)));
  new EventContext(knowledge).add(event);
  return Object.fromEntries(
    Object.entries(toPlain(event)).filter(([label]) => !before.has(label) && label !== 'enrichedBy'),
  );
}

function eventOf(kind: LookUp['kind'], value: string): Event {
  const event = createEvent();
  if (kind === 'address') {
    event.sourceIp = value;
    event.destinationIp = value;
  } else if (kind === 'dn') {
    event.boundDnFolded = value;
    event.distinguishedNameFolded = value;
  } else event.deviceHostName = value;
  return event;
}

/** What is not the same anyway. */
function besides(usual: Added, added: Added): Added {
  return Object.fromEntries(
    Object.entries(added).filter(([label, value]) => JSON.stringify(value) !== JSON.stringify(usual[label])),
  );
}

function remarksOn({ kind, value }: Asked, time: number, knowledge: Knowledge, parts: readonly KnownPart[]): string[] {
  const remarks: string[] = [];
  const address = kind === 'address' ? parseAddress(value) : undefined;
  const facts = address === undefined ? undefined : knowledge.address(value);
  if (address !== undefined && !isPublic(address)) {
    remarks.push('Private and other special addresses are never looked up in databases of places or in lists.');
  }
  const ignored = parts.filter((part) => part.kind === 'intelligence-ignore');
  if (address !== undefined && isPublic(address) && isIgnored(address, ignored)) {
    remarks.push('It is among the addresses that no list may name.');
  }
  const assets = facts?.assets ?? (kind === 'host' ? knowledge.host(value) : []);
  if (assets.length > 0 && assetAt(assets, time) === undefined) {
    remarks.push('Assets have it, but none of them at this time.');
  }
  const indicators = facts?.indicators ?? [];
  if (indicators.length > 0 && !indicators.some(({ from, until }) => time >= from && time < until)) {
    remarks.push('Lists name it, but none of them at this time.');
  }
  if (facts?.partial === true) remarks.push('A file that should say more could not be read.');
  return remarks;
}
