import { fieldOf, findLabel, type Label } from '#event';

/** A column of the table. */
export interface Column {
  readonly label: Label;
  /** Pixels. */
  readonly width: number;
}

const widthMin = 48;
const widthMax = 1_200;
const columnsMax = 40;

const usualWidths: Partial<Record<Label, number>> = {
  eventTime: 188,
  eventSubType: 130,
  requestType: 108,
  outcome: 92,
  sourceIp: 130,
  boundDn: 220,
  distinguishedName: 260,
  searchFilter: 220,
  count: 64,
  duration: 80,
  resultName: 150,
  rawEvent: 640,
  message: 420,
};

const usualLabels: readonly Label[] = [
  'eventTime',
  'eventSubType',
  'requestType',
  'outcome',
  'sourceIp',
  'boundDn',
  'distinguishedName',
  'searchFilter',
  'resultName',
  'count',
  'duration',
];

/** Width of a column nobody has drawn yet. */
export function usualWidth(label: Label): number {
  const known = usualWidths[label];
  if (known !== undefined) return known;
  const { type } = fieldOf(label);
  if (type === 'instant') return 188;
  if (type === 'dn' || type === 'filter' || type === 'text') return 240;
  if (type === 'ip' || type === 'ipv4' || type === 'ipv6') return 140;
  return type === 'identifier' ? 160 : 110;
}

/** The columns unless a person chose others. */
export const usualColumns: readonly Column[] = usualLabels.map((label) => ({ label, width: usualWidth(label) }));

/** Keeps a width within what can be seen and used. */
export function clampWidth(width: number): number {
  return Math.round(Math.max(widthMin, Math.min(widthMax, width)));
}

/** Reads columns from the address: `label` or `label~width`, with commas. What is no label is left out. */
export function readColumns(text: string | undefined): readonly Column[] {
  if (text === undefined) return usualColumns;
  const columns = new Map<Label, Column>();
  for (const part of text.split(',').slice(0, columnsMax)) {
    const [name = '', width = ''] = part.split('~');
    const label = findLabel(name.trim());
    if (label === undefined || columns.has(label)) continue;
    const drawn = Number(width);
    columns.set(label, {
      label,
      width: width !== '' && Number.isFinite(drawn) ? clampWidth(drawn) : usualWidth(label),
    });
  }
  return columns.size === 0 ? usualColumns : [...columns.values()];
}

/** Writes columns for the address; undefined when they are the usual ones. */
export function writeColumns(columns: readonly Column[]): string | undefined {
  const text = columns.map(({ label, width }) => (width === usualWidth(label) ? label : `${label}~${width}`)).join(',');
  return text === usualLabels.join(',') || text === '' ? undefined : text;
}

/** Moves a column to the place of another. */
export function moveColumn(columns: readonly Column[], label: Label, to: number): readonly Column[] {
  const from = columns.findIndex((column) => column.label === label);
  const moved = columns[from];
  if (moved === undefined || to < 0 || to >= columns.length) return columns;
  const others = columns.filter((column) => column !== moved);
  return [...others.slice(0, to), moved, ...others.slice(to)];
}
