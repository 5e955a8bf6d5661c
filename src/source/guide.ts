/** What a mapping guide says beyond its rows: overview, device details, supported versions and formats. */
export interface Guide {
  readonly title: string;
  readonly overview: readonly string[];
  readonly supportedVersions: readonly string[];
  readonly supportedFormats: readonly string[];
}
