import type { Event } from '#event';
import { type Asset, assetAt } from './assets.ts';
import type { IdentityFacts } from './identity-book.ts';
import { kindPatternsSource } from './identity-kind.ts';
import { type Indicator, threatSeverities } from './indicator.ts';
import { type AddressFacts, Knowledge } from './knowledge.ts';
import { type KnownFile, KnownFiles } from './known-files.ts';
import { type Notice, notice } from './notice.ts';
import type { EnrichOptions } from './options.ts';
import { noSources, type SourceSet } from './source-sets.ts';
import { defaultZonesSource, localZone } from './zones.ts';

/** What an enricher has in use, and what it did. */
export interface EnrichStatus {
  readonly files: readonly KnownFile[];
  /** Rows in use of all tables of the kind. */
  readonly zones: number;
  readonly assets: number;
  readonly identities: number;
  readonly databases: readonly { readonly label: string; readonly builtAt: number }[];
  readonly lists: readonly { readonly name: string; readonly addresses: number; readonly unmatchable: number }[];
  /** Events seen, and how many of them went on without a look-up that could not be made. */
  readonly events: number;
  readonly partial: number;
}

/** The second stage: adds what is known about addresses and identities. */
export interface Enricher {
  /** Fills the labels of the context group, in place. Never throws, never waits, never drops an event. */
  enrich(event: Event): void;
  /** Reads what has changed now, without waiting for files to settle. */
  refresh(): Promise<void>;
  /** What a person should know about the files. */
  notices(): readonly Notice[];
  status(): EnrichStatus;
  /** Stops looking for changes. */
  close(): Promise<void>;
}

/** Tag of a connection through a proxy that no zone table trusts. */
const untrustedProxy = 'untrusted-proxy';

/** Reads all files once and watches them from then on. Files that cannot be used are notices, never errors. */
export async function createEnricher(options: EnrichOptions = {}): Promise<Enricher> {
  const enricher = new FileEnricher(options);
  await enricher.refresh();
  enricher.watch(options.pollMs ?? 5_000);
  return enricher;
}

class FileEnricher implements Enricher {
  readonly #files: KnownFiles;
  readonly #failures = new Map<string, number>();
  #knowledge: Knowledge;
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<void> = Promise.resolve();
  #busy = false;
  #events = 0;
  #partial = 0;

  constructor(options: EnrichOptions) {
    this.#files = new KnownFiles(options, options.clock ?? Date.now);
    this.#knowledge = this.#learn();
  }

  watch(pollMs: number): void {
    if (pollMs <= 0) return;
    // A check that takes longer than the interval is not overtaken by the next.
    this.#timer = setInterval(() => {
      if (!this.#busy) void this.#check(false);
    }, pollMs).unref();
  }

  refresh(): Promise<void> {
    return this.#check(true);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#checking;
  }

  #check(atOnce: boolean): Promise<void> {
    this.#busy = true;
    this.#checking = this.#checking.then(async () => {
      if (await this.#files.check(atOnce)) this.#knowledge = this.#learn();
      this.#busy = false;
    });
    return this.#checking;
  }

  #learn(): Knowledge {
    this.#failures.clear();
    return new Knowledge(this.#files.parts, this.#files.lacking, (path) =>
      this.#failures.set(path, (this.#failures.get(path) ?? 0) + 1),
    );
  }

  notices(): readonly Notice[] {
    const failures = [...this.#failures].map(([path, count]) =>
      notice('enrichment-failed', path, `${path} is damaged inside: look-ups of ${count} addresses failed.`),
    );
    return [...this.#files.notices(), ...failures];
  }

  status(): EnrichStatus {
    const { parts, files } = this.#files;
    const rows = (kind: string): number =>
      parts.reduce((sum, part) => sum + (part.kind === kind ? part.entries : 0), 0);
    return {
      files,
      zones: rows('zones'),
      assets: rows('assets'),
      identities: rows('identities'),
      databases: parts.flatMap((part) =>
        part.kind === 'geography' ? [{ label: part.source, builtAt: part.builtAt }] : [],
      ),
      lists: parts.flatMap((part) =>
        part.kind === 'intelligence'
          ? [{ name: part.list, addresses: part.entries, unmatchable: part.unmatchable }]
          : [],
      ),
      events: this.#events,
      partial: this.#partial,
    };
  }

  enrich(event: Event): void {
    this.#events++;
    try {
      this.#enrich(event);
    } catch {
      event.enrichmentStatus = 'partial';
    }
    if (event.enrichmentStatus === 'partial') this.#partial++;
  }

  #enrich(event: Event): void {
    const knowledge = this.#knowledge;
    const { sets } = knowledge;
    const time = event.eventTime ?? 0;
    let by = noSources;
    if (event.sourceIp !== undefined) {
      by = this.#addSource(event, knowledge.address(event.sourceIp), time);
    } else if (event.transport === 'ldapi') {
      event.sourceZone = localZone;
      event.destinationZone = localZone;
      by = sets.only(defaultZonesSource);
    }
    const server = event.destinationIp;
    if (server !== undefined || event.deviceHostName !== undefined) {
      by = sets.join(
        by,
        this.#addDestination(event, server === undefined ? undefined : knowledge.address(server), time),
      );
    }
    const actor = event.boundDnFolded;
    if (actor !== undefined) by = sets.join(by, addActor(event, factsAt(knowledge.identity(actor), time)));
    else if (event.boundMethod === 'ANONYMOUS') {
      event.actorKind = 'anonymous';
      by = sets.join(by, sets.only(kindPatternsSource));
    }
    const target = event.distinguishedNameFolded;
    if (target !== undefined) by = sets.join(by, addTarget(event, factsAt(knowledge.identity(target), time)));
    if (knowledge.namesProxies && event.proxyIp !== undefined) this.#judgeProxy(event, event.proxyIp);
    if (by.names.length > 0) event.enrichedBy = by.names;
  }

  #addSource(event: Event, facts: AddressFacts, time: number): SourceSet {
    event.sourceZone = facts.zone?.zone;
    event.sourceSite = facts.zone?.site;
    if (facts.partial) event.enrichmentStatus = 'partial';
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
    let { by } = facts;
    const asset = facts.assets.length === 0 ? undefined : assetAt(facts.assets, time);
    if (asset !== undefined) by = this.#addAsset(event, asset, by);
    return facts.indicators.length === 0 ? by : this.#addThreats(event, facts.indicators, time, by);
  }

  #addAsset(event: Event, asset: Asset, by: SourceSet): SourceSet {
    event.sourceAssetId = asset.id;
    event.sourceAssetName = asset.name;
    event.sourceAssetOwner = asset.owner;
    event.sourceAssetUnit = asset.unit;
    event.sourceAssetRole = asset.role;
    event.sourceAssetCriticality = asset.criticality;
    event.sourceAssetTags = asset.tags;
    return this.#withSource(by, asset.source);
  }

  #addThreats(event: Event, indicators: readonly Indicator[], time: number, by: SourceSet): SourceSet {
    const valid = indicators.filter((one) => time >= one.from && time < one.until);
    if (valid.length === 0) return by;
    event.threatLists = distinct(valid.map((one) => one.list));
    event.threatIndicators = distinct(valid.map((one) => one.value));
    const confidences = valid.flatMap((one) => one.confidence ?? []);
    if (confidences.length > 0) event.threatConfidence = Math.max(...confidences);
    event.threatSeverity = [...threatSeverities].reverse().find((word) => valid.some((one) => one.severity === word));
    const labels = distinct(valid.flatMap((one) => one.labels));
    if (labels.length > 0) event.threatLabels = labels;
    return valid.reduce((sources, one) => this.#withSource(sources, one.source), by);
  }

  #addDestination(event: Event, facts: AddressFacts | undefined, time: number): SourceSet {
    let by = noSources;
    let asset: Asset | undefined;
    if (facts !== undefined) {
      event.destinationZone = facts.zone?.zone;
      by = this.#zoneSource(facts);
      asset = facts.assets.length === 0 ? undefined : assetAt(facts.assets, time);
    }
    if (asset === undefined && event.deviceHostName !== undefined) {
      asset = assetAt(this.#knowledge.host(event.deviceHostName), time);
    }
    if (asset === undefined) return by;
    event.destinationAssetId = asset.id;
    event.destinationAssetName = asset.name;
    event.destinationAssetCriticality = asset.criticality;
    return this.#withSource(by, asset.source);
  }

  /** Of a server's address only the zone is used. */
  #zoneSource(facts: AddressFacts): SourceSet {
    if (facts.place === undefined) return facts.by;
    return facts.zone === undefined ? noSources : this.#knowledge.sets.only(facts.zone.source);
  }

  #withSource(by: SourceSet, source: string): SourceSet {
    const { sets } = this.#knowledge;
    return sets.join(by, sets.only(source));
  }

  #judgeProxy(event: Event, proxy: string): void {
    if (this.#knowledge.address(proxy).zone?.trusted === true || event.tags?.includes(untrustedProxy) === true) return;
    event.tags = [...(event.tags ?? []), untrustedProxy];
  }
}

/** The last of the facts always holds. */
function factsAt(all: readonly IdentityFacts[], time: number): IdentityFacts | undefined {
  for (const facts of all) if (time >= facts.from && time < facts.until) return facts;
  return undefined;
}

function addActor(event: Event, facts: IdentityFacts | undefined): SourceSet {
  if (facts === undefined) return noSources;
  event.actorKind = facts.kind;
  event.actorId = facts.id;
  event.actorName = facts.name;
  event.actorMail = facts.mail;
  event.actorDepartment = facts.department;
  event.actorGroups = facts.groups;
  event.actorPrivileged = facts.privileged;
  event.actorDisabled = facts.disabled;
  return facts.by;
}

function addTarget(event: Event, facts: IdentityFacts | undefined): SourceSet {
  if (facts === undefined) return noSources;
  event.targetKind = facts.kind;
  event.targetId = facts.id;
  event.targetName = facts.name;
  event.targetPrivileged = facts.privileged;
  event.targetDisabled = facts.disabled;
  return facts.by;
}

function distinct(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}
