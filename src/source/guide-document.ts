import { categoryModel } from '#event';
import type { SupportedFormat, SupportedVersion } from './guide.ts';
import type { MappingRow, SampleValue } from './mapping.ts';
import type { Source } from './source.ts';

/** A row of a table of labels, as printed. */
export interface GuideRow {
  /** Empty where the guide names no source field. */
  readonly sourceField: string;
  readonly label: string;
  readonly sample: string;
  readonly description: string;
  /** First release that writes it; empty when it always was there. */
  readonly since: string;
}

/** One category of events and the types it has. */
export interface GuideCategory {
  readonly category: string;
  readonly about: string;
  readonly types: readonly string[];
}

/** A mapping guide as data: what all printed forms hold, and the JSON form itself. */
export interface GuideDocument {
  readonly id: string;
  readonly title: string;
  readonly mappingVersion: string;
  readonly about: readonly string[];
  readonly overview: readonly string[];
  readonly device: {
    readonly deviceType: string;
    readonly deviceVendor: string;
    readonly deviceProduct: string;
    readonly supportedVersions: readonly SupportedVersion[];
  };
  readonly supportedFormats: readonly SupportedFormat[];
  readonly mappingNotes: readonly string[];
  /** The fourteen labels of the public guide, its fields, labels and samples in its order. */
  readonly dataFieldMappings: readonly GuideRow[];
  /** Our own labels. */
  readonly extendedMappings: readonly GuideRow[];
  readonly categories: readonly GuideCategory[];
  readonly gaps: readonly string[];
}

/** Makes the guide of a source from its mapping and texts. */
export function guideDocument(source: Source): GuideDocument {
  const { guide, mapping } = source;
  return {
    id: source.id,
    title: guide.title,
    mappingVersion: source.mappingVersion,
    about: [
      `This guide says what Meridian makes of the records of ${source.product}: which field of the source becomes which label, so that you can ask for it in QQL.`,
      'It is written from the same table that maps the records, so it cannot differ from what is stored.',
    ],
    overview: guide.overview,
    device: {
      deviceType: source.deviceType,
      deviceVendor: source.vendor,
      deviceProduct: source.product,
      supportedVersions: guide.supportedVersions,
    },
    supportedFormats: guide.supportedFormats,
    mappingNotes: guide.mappingNotes,
    dataFieldMappings: mapping.guide.map(printRow),
    extendedMappings: mapping.extended.map(printRow),
    categories,
    gaps: guide.gaps,
  };
}

/** The category model is the same for all sources; a source gives what its records can tell. */
const categories: readonly GuideCategory[] = Object.entries(categoryModel).map(([category, { about, types }]) => ({
  category,
  about,
  types: Object.keys(types),
}));

function printRow(row: MappingRow): GuideRow {
  const sourceField = row.sourceField === undefined ? row.from : (row.sourceField ?? '');
  const rule = row.rule === undefined ? '' : ` ${row.rule.charAt(0).toUpperCase()}${row.rule.slice(1)}.`;
  return {
    sourceField,
    label: row.to,
    sample: row.printedSample ?? printSample(row.becomes ?? row.sample),
    description: row.about + rule,
    since: row.since ?? '',
  };
}

function printSample(value: SampleValue): string {
  if (Array.isArray(value)) return value.join(', ');
  // Nine decimals, as the source writes durations; String would give 0.000021 the form 2.1e-5.
  return typeof value === 'number' && !Number.isInteger(value)
    ? value.toFixed(9).replace(/0{1,8}$/, '')
    : String(value);
}
