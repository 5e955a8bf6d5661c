import type { Event } from '#event';
import { type Asset, assetAt } from './assets.ts';
import type { IdentityFacts } from './identity-book.ts';
import { kindPatternsSource } from './identity-kind.ts';
import { type Indicator, threatSeverities } from './indicator.ts';
import type { AddressFacts, Knowledge } from './knowledge.ts';
import { noSources, type SourceSet } from './source-sets.ts';
import { defaultZonesSource, localZone } from './zones.ts';

/** Tag of a connection through a proxy that no zone table trusts. */
const untrustedProxy = 'untrusted-proxy';

/** Adds to events what is known at one moment. */
export class EventContext {
  readonly #knowledge: Knowledge;

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  /** Fills the labels of the context group, in place. */
  add(event: Event): void {
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
