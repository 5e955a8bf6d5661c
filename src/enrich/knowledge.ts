import { type Address, createMemo, parseAddressCached } from '#event';
import { type Asset, type AssetPart, assetsNamed, assetsOf } from './assets.ts';
import type { GeographyPart, Place } from './geography.ts';
import type { IdentityPart } from './identities.ts';
import { IdentityBook, type IdentityFacts } from './identity-book.ts';
import { type IgnorePart, isIgnored } from './ignore-list.ts';
import type { Indicator } from './indicator.ts';
import { type IntelligencePart, indicatorsOf } from './intelligence.ts';
import type { ListTermsPart } from './intelligence-lists.ts';
import { answerKeyLengthMax, answersMax } from './limits.ts';
import type { NamePart } from './name-list.ts';
import type { FileKind } from './options.ts';
import { noSources, type SourceSet, SourceSets } from './source-sets.ts';
import { isPublic } from './special-addresses.ts';
import { type Zone, type ZonePart, zoneOf } from './zones.ts';

/** What any file may give. */
export type KnownPart =
  | ZonePart
  | AssetPart
  | IdentityPart
  | NamePart
  | GeographyPart
  | IntelligencePart
  | ListTermsPart
  | IgnorePart;

/** What is added for an address. Assets and indicators hold only while their periods last. */
export interface AddressFacts {
  readonly zone: Zone | undefined;
  readonly place: Place | undefined;
  readonly assets: readonly Asset[];
  readonly indicators: readonly Indicator[];
  /** Sources of zone and place. */
  readonly by: SourceSet;
  /** A look-up could not be made. */
  readonly partial: boolean;
}

const nothing: AddressFacts = {
  zone: undefined,
  place: undefined,
  assets: [],
  indicators: [],
  by: noSources,
  partial: false,
};

/**
 * Everything that is known at one moment. It never changes: when a file does, new knowledge takes its place, and with it
 * go all answers that were remembered.
 */
export class Knowledge {
  readonly sets: SourceSets = new SourceSets();
  /** What is known of an address. */
  readonly address: (text: string) => AddressFacts;
  /** What is known of a folded DN, newest period first; the last one always holds. */
  readonly identity: (folded: string) => readonly IdentityFacts[];
  /** Assets of a host name. */
  readonly host: (name: string) => readonly Asset[];
  /** Whether a zone table says which addresses may act as proxies. */
  readonly namesProxies: boolean;
  readonly #parts: readonly KnownPart[];
  readonly #zones: readonly ZonePart[];
  readonly #assets: readonly AssetPart[];
  readonly #geography: readonly GeographyPart[];
  readonly #intelligence: readonly IntelligencePart[];
  readonly #ignored: readonly IgnorePart[];
  readonly #lacking: ReadonlySet<FileKind>;
  readonly #failed: (path: string) => void;

  /** `lacking` names kinds of files of which none could be read; `failed` is told of a database that is damaged inside. */
  constructor(parts: readonly KnownPart[], lacking: ReadonlySet<FileKind>, failed: (path: string) => void) {
    this.#parts = parts;
    this.#lacking = lacking;
    this.#failed = failed;
    this.#zones = this.#of('zones');
    this.#assets = this.#of('assets');
    this.#geography = this.#of('geography');
    this.#intelligence = this.#of('intelligence');
    this.#ignored = this.#of('intelligence-ignore');
    this.namesProxies = this.#zones.some((table) => table.namesProxies);
    const lists = [...this.#of('privileged-groups'), ...this.#of('replica-dns'), ...this.#of('root-dns')];
    const book = new IdentityBook(this.#of('identities'), lists, this.sets);
    const bounds = { entriesMax: answersMax, keyLengthMax: answerKeyLengthMax };
    this.address = createMemo((text) => this.#look(text), bounds);
    this.identity = createMemo((folded) => book.find(folded), bounds);
    this.host = createMemo((name) => assetsNamed(name, this.#assets), bounds);
  }

  #of<Kind extends KnownPart['kind']>(kind: Kind): readonly Extract<KnownPart, { kind: Kind }>[] {
    return this.#parts.filter((part): part is Extract<KnownPart, { kind: Kind }> => part.kind === kind);
  }

  #look(text: string): AddressFacts {
    const address = parseAddressCached(text);
    if (address === undefined) return nothing;
    const zone = zoneOf(address, this.#zones);
    const sources = zone === undefined ? [] : [zone.source];
    const open = isPublic(address);
    const { place, whole } = open ? this.#place(address, sources) : { place: undefined, whole: true };
    const watched = open && !isIgnored(address, this.#ignored);
    const lacking = this.#lacking;
    return {
      zone,
      place,
      assets: assetsOf(address, this.#assets),
      indicators: watched ? indicatorsOf(address, this.#intelligence) : [],
      by: this.sets.of(sources),
      partial: !whole || lacking.has('assets') || (open && (lacking.has('geography') || lacking.has('intelligence'))),
    };
  }

  /** The first database that knows a value gives it; those that know cities are asked before those that do not. */
  #place(address: Address, sources: string[]): { place: Place | undefined; whole: boolean } {
    let place: Place | undefined;
    let whole = true;
    for (const database of this.#geography) {
      try {
        const found = database.find(address);
        if (found === undefined) continue;
        const merged: Place = place === undefined ? found : merge(place, found);
        if (merged !== place) sources.push(database.source);
        place = merged;
      } catch {
        whole = false;
        this.#failed(database.path);
      }
    }
    return { place, whole };
  }
}

/** Where two databases differ on the country, what the second says of places there is no addition. */
function merge(known: Place, more: Place): Place {
  const { asn, asOrg, ...where } = more;
  const owner = { ...(asn === undefined ? {} : { asn }), ...(asOrg === undefined ? {} : { asOrg }) };
  const agrees = known.country === undefined || more.country === undefined || known.country === more.country;
  const merged: Place = { ...owner, ...(agrees ? where : {}), ...known };
  return Object.keys(merged).length === Object.keys(known).length ? known : merged;
}
