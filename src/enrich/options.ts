/** What enrichment knows comes from files. All are optional; paths are used as they are given. */
export interface EnrichOptions {
  /** A folder laid out as `docs/enrichment.md` says. Files may come and go while the program runs. */
  readonly folder?: string | undefined;
  /** Tables of zones: CSV, YAML or JSON. */
  readonly zones?: readonly string[];
  /** Tables of assets: CSV or JSON. */
  readonly assets?: readonly string[];
  /** Tables of identities and groups: CSV or JSON. */
  readonly identities?: readonly string[];
  /** Lists of privileged groups, one DN, RDN or name a line. */
  readonly privilegedGroups?: readonly string[];
  /** Lists of the DNs that replicas bind as. */
  readonly replicaDns?: readonly string[];
  /** Lists of root DNs, where it is not `cn=Directory Manager`. */
  readonly rootDns?: readonly string[];
  /** Databases of countries, places and network owners: mmdb. */
  readonly geography?: readonly string[];
  /** Intelligence lists: plain, CSV or STIX 2.1. */
  readonly intelligence?: readonly string[];
  /** What is said about intelligence lists: YAML or JSON. */
  readonly intelligenceLists?: readonly string[];
  /** Addresses that no intelligence list may name. */
  readonly intelligenceIgnore?: readonly string[];
  /** How often files are looked at, in milliseconds; 0 is never. Default 5,000. */
  readonly pollMs?: number;
  /** How long a changed file must stay as it is before it is read, in milliseconds. Default 1,000. */
  readonly settleMs?: number;
  /** Epoch milliseconds of now. */
  readonly clock?: () => number;
}

/** What a file holds. */
export type FileKind =
  | 'zones'
  | 'assets'
  | 'identities'
  | 'privileged-groups'
  | 'replica-dns'
  | 'root-dns'
  | 'geography'
  | 'intelligence'
  | 'intelligence-lists'
  | 'intelligence-ignore';

/** A file to be read. */
export interface EnrichFile {
  readonly kind: FileKind;
  readonly path: string;
  /** Found in the folder; not named by anybody. */
  readonly found: boolean;
}
