import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { fieldGroups, fieldOf, type Label, labels } from '#event';
import { showValue } from '../../api/event-value.ts';
import { type Asked, countValues, type Facet } from '../../api/events.ts';
import { formatCount, formatRowTime } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { Outcome } from '../../parts/outcome.tsx';
import { keep, readKept } from '../../parts/preferences.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Failure } from '../../parts/states.tsx';

const usuallyOpen: readonly Label[] = ['eventSubType', 'outcome', 'eventCategory', 'sourceIp', 'boundDn'];
const valuesShown = 8;
/** Characters of a value in the name of its button: as many as are shown. */
const nameMax = 512;
/** Fields one request may ask for. */
const openMax = 30;

/** Fields and their most frequent values: one click includes or excludes. */
export function FacetList({
  asked,
  enabled,
  columns,
  onInclude,
  onExclude,
  onColumn,
}: {
  readonly asked: Asked;
  readonly enabled: boolean;
  readonly columns: readonly Label[];
  readonly onInclude: (label: string, value: unknown) => void;
  readonly onExclude: (label: string, value: unknown) => void;
  /** Shows the field as a column, or hides it. */
  readonly onColumn: (label: Label) => void;
}): ReactNode {
  const [open, setOpen] = useState<readonly Label[]>(readOpen);
  const [sought, setSought] = useState('');
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['hunt', 'facets', asked, open],
    queryFn: ({ signal }) => countValues({ ...asked, fields: open, limit: valuesShown }, signal),
    enabled: enabled && open.length > 0,
    placeholderData: (before) => before,
  });
  const facets = useMemo(() => new Map((data ?? []).map((facet) => [facet.label, facet])), [data]);
  const folded = sought.trim().toLowerCase();

  function toggle(label: Label): void {
    const next = open.includes(label) ? open.filter((one) => one !== label) : [...open, label].slice(-openMax);
    setOpen(next);
    keep('facets', next.join(','));
  }

  return (
    <aside className="facets" aria-label="Fields" aria-busy={isFetching}>
      <input
        className="facets-search"
        type="search"
        aria-label="Find a field"
        placeholder="Find a field"
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
      />
      {error !== null && <Failure error={error} what="Counts cannot be shown" retry={() => void refetch()} />}
      {fieldGroups.map((group) => {
        const found = labels.filter((label) => fieldOf(label).group === group && label.toLowerCase().includes(folded));
        // What one looks at stands in front.
        const shown = [
          ...found.filter((label) => open.includes(label)),
          ...found.filter((label) => !open.includes(label)),
        ];
        if (shown.length === 0) return null;
        return (
          <section key={group} aria-label={`Fields: ${group}`}>
            <h3>{group}</h3>
            <ul>
              {shown.map((label) => (
                <li key={label}>
                  <div className="facet-name">
                    <button
                      type="button"
                      className="plain"
                      aria-expanded={open.includes(label)}
                      title={fieldOf(label).about}
                      onClick={() => toggle(label)}
                    >
                      <span aria-hidden="true" className="muted">
                        {open.includes(label) ? '▾' : '▸'}
                      </span>{' '}
                      {label}
                    </button>
                    <button
                      type="button"
                      className="plain link facet-column"
                      aria-pressed={columns.includes(label)}
                      aria-label={`${label} as a column`}
                      title={columns.includes(label) ? 'Hide the column' : 'Show as a column'}
                      onClick={() => onColumn(label)}
                    >
                      {columns.includes(label) ? '▣' : '▢'}
                    </button>
                  </div>
                  {open.includes(label) && (
                    <FacetValues
                      label={label}
                      zone={asked.zone}
                      facet={facets.get(label)}
                      onInclude={onInclude}
                      onExclude={onExclude}
                    />
                  )}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </aside>
  );
}

function FacetValues({
  label,
  facet,
  zone,
  onInclude,
  onExclude,
}: {
  readonly label: Label;
  readonly facet: Facet | undefined;
  readonly zone: string;
  readonly onInclude: (label: string, value: unknown) => void;
  readonly onExclude: (label: string, value: unknown) => void;
}): ReactNode {
  if (facet === undefined) return <p className="facet-more">…</p>;
  const more = facet.distinct - facet.values.length;
  return (
    <>
      <ul className="facet-values">
        {facet.values.map(({ value, count }) => {
          const text = showValue(value);
          const name = showText(text.slice(0, nameMax));
          return (
            <li key={text}>
              <button
                type="button"
                className="plain facet-value"
                title={`Include ${label}: ${name}`}
                onClick={() => onInclude(label, value)}
              >
                <span className="unseen">Include {label}: </span>
                <FacetText label={label} value={value} zone={zone} />
              </button>
              <span className="number muted">{formatCount(count)}</span>
              <button
                type="button"
                className="plain link facet-exclude"
                title={`Exclude ${label}: ${name}`}
                aria-label={`Exclude ${label}: ${name}`}
                onClick={() => onExclude(label, value)}
              >
                −
              </button>
            </li>
          );
        })}
        {facet.absent > 0 && (
          <li>
            <button type="button" className="plain facet-value muted" onClick={() => onInclude(label, undefined)}>
              (absent)
            </button>
            <span className="number muted">{formatCount(facet.absent)}</span>
            <button
              type="button"
              className="plain link facet-exclude"
              aria-label={`Exclude events without ${label}`}
              onClick={() => onExclude(label, undefined)}
            >
              −
            </button>
          </li>
        )}
      </ul>
      {more > 0 && <p className="facet-more">{formatCount(more)} more values</p>}
    </>
  );
}

function FacetText({
  label,
  value,
  zone,
}: {
  readonly label: Label;
  readonly value: unknown;
  readonly zone: string;
}): ReactNode {
  if (label === 'outcome') return <Outcome value={showValue(value)} />;
  if (fieldOf(label).type === 'instant' && typeof value === 'number') return formatRowTime(value, zone);
  return <InertText text={showValue(value)} oneLine />;
}

function readOpen(): readonly Label[] {
  const kept = readKept('facets');
  if (kept === undefined) return usuallyOpen;
  const names = kept.split(',');
  return labels.filter((label) => names.includes(label)).slice(0, openMax);
}
