/** One line of the supported versions. */
export interface SupportedVersion {
  readonly versions: string;
  /** `tested`: read from logs a server of that version wrote; `read`: from published fragments, not against a server. */
  readonly status: 'tested' | 'read';
  readonly about: string;
}

/** One form in which the product writes records. */
export interface SupportedFormat {
  readonly name: string;
  readonly about: string;
}

/** A query to begin with. */
export interface SampleQuery {
  /** The question in words. */
  readonly about: string;
  /** QQL. */
  readonly query: string;
}

/** What a mapping guide says beyond its rows: overview, device details, supported versions and formats. */
export interface Guide {
  readonly title: string;
  /** Paragraphs on what the source is, and how its records come in. */
  readonly overview: readonly string[];
  readonly supportedVersions: readonly SupportedVersion[];
  readonly supportedFormats: readonly SupportedFormat[];
  /** Paragraphs on how to read the tables of labels. */
  readonly mappingNotes: readonly string[];
  /** What the records do not say, or what is not read yet. */
  readonly gaps: readonly string[];
  /** Queries to begin with, the most useful first; the console offers them. */
  readonly queries?: readonly SampleQuery[];
}
