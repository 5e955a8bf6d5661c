import { createMemo, type Event, parseAddressCached } from '#event';
import type { Asset } from './assets.ts';
import { EnrichmentFolder, type Knowledge, type Notice } from './enrichment-folder.ts';
import { CidrIndex } from './cidr-index.ts';
import type { Place } from './geography.ts';
import { Assets } from './assets.ts';
import { Identities, type Identity, kindOfDn } from './identities.ts';
import { type Indicator, match } from './intelligence.ts';
import { isPublic } from './public-address.ts';
import { Zones } from './zones.ts';

/** Where knowledge comes from. */
export interface EnrichOptions {
  /** The enrichment folder; without one, zones and kinds of identities come from the defaults. */
  readonly folder?: string | undefined;
  /** How often the folder is looked at, in milliseconds. Default 5,000; 0: only when {@link Enricher.reload} is called. */
  readonly pollMs?: number;
  /** Epoch milliseconds of now. */
  readonly clock?: () => number;
}

/** What the enricher has read, for people. */
export interface EnrichStatus {
  readonly zones: number;
  readonly assets: number;
  readonly identities: number;
  readonly databases: readonly { readonly label: string; readonly builtAt: number }[];
  readonly lists: readonly { readonly name: string; readonly addresses: number; readonly unmatchable: number }[];
  /** Events enriched, and of these only in part, because something failed. */
  readonly events: number;
  readonly partial: number;
}

/** The second stage: adds what is known about addresses and identities. It never drops an event, and never waits. */
export interface Enricher {
  enrich(event: Event): void;
  /** Looks for changed files now. */
  reload(): void;
  notices(): readonly Notice[];
  status(): EnrichStatus;
  close(): void;
}

/** Answers kept per kind of look-up. */
const addressesMax = 50_000;
const namesMax = 50_000;

/** What is added for an address; some of it only at some times. */
interface AddressFacts {
  readonly zone: string | undefined;
  readonly site: string | undefined;
  readonly place: Place | undefined;
  readonly assets: readonly Asset[];
  readonly indicators: readonly Indicator[];
  readonly by: readonly string[];
}

interface NameFacts {
  readonly kind: string;
  readonly identity: Identity | undefined;
  readonly by: string;
}

const nothing: Knowledge = {
  zones: new Zones(),
  assets: new Assets(),
  identities: new Identities(),
  databases: [],
  lists: [],
  ignored: new CidrIndex(),
  versions: new Map(),
};

/** Makes an enricher. Throws `enrichment-folder` when the folder cannot be read at all. */
export function createEnricher(options: EnrichOptions = {}): Enricher {
  return new FolderEnricher(options);
}

class FolderEnricher implements Enricher {
  readonly #folder: EnrichmentFolder | undefined;
  readonly #clock: () => number;
  readonly #timer: NodeJS.Timeout | undefined;
  #knowledge: Knowledge = nothing;
  #address: (text: string) => AddressFacts | undefined = () => undefined;
  #name: (folded: string) => NameFacts = () => ({ kind: 'unknown', identity: undefined, by: '' });
  #folderNotice: Notice | undefined;
  #events = 0;
  #partial = 0;

  constructor(options: EnrichOptions) {
    this.#clock = options.clock ?? Date.now;
    this.#folder = options.folder === undefined ? undefined : new EnrichmentFolder(options.folder);
    this.#use(this.#folder?.read() ?? nothing);
    const pollMs = options.pollMs ?? 5000;
    if (this.#folder !== undefined && pollMs > 0) this.#timer = setInterval(() => this.reload(), pollMs).unref();
  }

  reload(): void {
    try {
      const knowledge = this.#folder?.read();
      this.#folderNotice = undefined;
      if (knowledge !== undefined) this.#use(knowledge);
    } catch (cause) {
      this.#folderNotice = { code: 'enrichment-folder', file: '.', sentence: cause instanceof Error ? cause.message : String(cause) };
    }
  }

  notices(): readonly Notice[] {
    const now = this.#clock();
    const stale = this.#knowledge.databases
      .filter((database) => database.isStale(now))
      .map((database) => ({ code: 'enrichment-stale', file: database.label, sentence: 'The database is older than 30 days.' }));
    return [...(this.#folderNotice === undefined ? [] : [this.#folderNotice]), ...(this.#folder?.notices ?? []), ...stale];
  }

  status(): EnrichStatus {
    const { zones, assets, identities, databases, lists } = this.#knowledge;
    return {
      zones: zones.size,
      assets: assets.size,
      identities: identities.size,
      databases: databases.map(({ label, builtAt }) => ({ label, builtAt })),
      lists: lists.map((list) => ({ name: list.name, addresses: list.index.size, unmatchable: list.unmatchable })),
      events: this.#events,
      partial: this.#partial,
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  enrich(event: Event): void {
    this.#events++;
    try {
      this.#enrich(event);
    } catch {
      // Knowledge is a help, never a condition: the event goes on with what it has.
      this.#partial++;
      event.enrichmentStatus = 'partial';
    }
  }

  #enrich(event: Event): void {
    const by: string[] = [];
    if (event.sourceIp !== undefined) this.#enrichSource(event, event.sourceIp, by);
    else if (event.transport === 'ldapi') {
      event.sourceZone = 'local';
      by.push('zones@default');
    }
    if (event.destinationIp !== undefined) this.#enrichDestination(event, event.destinationIp, by);
    if (event.boundDnFolded !== undefined) this.#enrichActor(event, this.#name(event.boundDnFolded), by);
    else if (event.boundMethod === 'ANONYMOUS') event.actorKind = 'anonymous';
    if (event.distinguishedNameFolded !== undefined) this.#enrichTarget(event, this.#name(event.distinguishedNameFolded), by);
    if (by.length > 0) event.enrichedBy = by.length === 1 ? by : [...new Set(by)];
  }

  #enrichSource(event: Event, text: string, by: string[]): void {
    const facts = this.#address(text);
    if (facts === undefined) return;
    event.sourceZone = facts.zone;
    event.sourceSite = facts.site;
    for (const one of facts.by) by.push(one);
    const { place } = facts;
    if (place !== undefined) {
      event.sourceCountry = place.country;
      event.sourceRegion = place.region;
      event.sourceCity = place.city;
      event.sourceLatitude = place.latitude;
      event.sourceLongitude = place.longitude;
      event.sourceAsn = place.asn;
      event.sourceAsOrg = place.asOrg;
    }
    const time = event.eventTime ?? 0;
    const asset = facts.assets.find((one) => one.validFrom <= time && time < one.validUntil);
    if (asset !== undefined) {
      event.sourceAssetId = asset.id;
      event.sourceAssetName = asset.name;
      event.sourceAssetOwner = asset.owner;
      event.sourceAssetUnit = asset.unit;
      event.sourceAssetRole = asset.role;
      event.sourceAssetCriticality = asset.criticality;
      event.sourceAssetTags = asset.tags;
      by.push(this.#by('assets'));
    }
    if (facts.indicators.length > 0) this.#enrichThreat(event, facts.indicators, time, by);
  }

  #enrichThreat(event: Event, indicators: readonly Indicator[], time: number, by: string[]): void {
    const valid = indicators.filter((one) => one.validFrom <= time && time < one.validUntil);
    if (valid.length === 0) return;
    event.threatLists = [...new Set(valid.map((one) => one.list))];
    event.threatIndicators = [...new Set(valid.map((one) => one.value))];
    const confidences = valid.flatMap((one) => one.confidence ?? []);
    if (confidences.length > 0) event.threatConfidence = Math.max(...confidences);
    const labels = new Set(valid.flatMap((one) => one.labels));
    if (labels.size > 0) event.threatLabels = [...labels];
    for (const list of event.threatLists) by.push(this.#by(`intelligence/${list}`));
  }

  #enrichDestination(event: Event, text: string, by: string[]): void {
    const facts = this.#address(text);
    if (facts === undefined) return;
    event.destinationZone = facts.zone;
    const time = event.eventTime ?? 0;
    const asset = facts.assets.find((one) => one.validFrom <= time && time < one.validUntil);
    if (asset === undefined) return;
    event.destinationAssetId = asset.id;
    event.destinationAssetName = asset.name;
    event.destinationAssetCriticality = asset.criticality;
    by.push(this.#by('assets'));
  }

  #enrichActor(event: Event, facts: NameFacts, by: string[]): void {
    event.actorKind = facts.kind;
    by.push(facts.by);
    if (facts.kind === 'root' || facts.kind === 'replication') event.actorPrivileged = true;
    const { identity } = facts;
    if (identity === undefined) return;
    event.actorId = identity.id;
    event.actorName = identity.name;
    event.actorMail = identity.mail;
    event.actorDepartment = identity.department;
    event.actorGroups = identity.groups;
    if (identity.privileged !== undefined) event.actorPrivileged = identity.privileged || event.actorPrivileged === true;
    event.actorDisabled = identity.disabled;
  }

  #enrichTarget(event: Event, facts: NameFacts, by: string[]): void {
    event.targetKind = facts.kind;
    by.push(facts.by);
    if (facts.kind === 'root' || facts.kind === 'replication') event.targetPrivileged = true;
    const { identity } = facts;
    if (identity === undefined) return;
    event.targetId = identity.id;
    event.targetName = identity.name;
    if (identity.privileged !== undefined) event.targetPrivileged = identity.privileged || event.targetPrivileged === true;
  }

  #by(table: string): string {
    return `${table}@${this.#knowledge.versions.get(table) ?? 'default'}`;
  }

  /** Takes new knowledge into use, all at once, and forgets what was looked up in the old. */
  #use(knowledge: Knowledge): void {
    this.#knowledge = knowledge;
    this.#address = createMemo((text) => this.#lookUpAddress(text), { entriesMax: addressesMax, keyLengthMax: 128 });
    this.#name = createMemo((folded) => this.#lookUpName(folded), { entriesMax: namesMax, keyLengthMax: 4096 });
  }

  #lookUpAddress(text: string): AddressFacts | undefined {
    const address = parseAddressCached(text);
    if (address === undefined) return undefined;
    const { zones, assets, databases, lists, ignored } = this.#knowledge;
    const found = zones.find(address);
    const by = [found?.own === true ? this.#by('zones') : 'zones@default'];
    let place: Place | undefined;
    const outside = isPublic(address);
    if (outside) {
      for (const database of databases) {
        const known: Place = place ?? {};
        if (!database.find(address.text, known)) continue;
        place = known;
        by.push(database.label);
      }
    }
    const warned = outside && ignored.covering(address).length === 0 ? lists.flatMap((list) => match(list, address)) : [];
    return { zone: found?.zone.zone, site: found?.zone.site, place, assets: assets.byAddress(address), indicators: warned, by };
  }

  #lookUpName(folded: string): NameFacts {
    const identity = this.#knowledge.identities.find(folded);
    const kind = identity?.kind ?? kindOfDn(folded);
    return { kind, identity, by: identity === undefined ? 'dn-patterns@1' : this.#by('identities') };
  }
}
