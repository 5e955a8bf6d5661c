import { type ReactNode, useState } from 'react';
import { fieldOf, findLabel, type Label, labels } from '#event';
import { showValue, textOf } from '../../api/event-value.ts';
import type { ParsedRecord } from '../../api/sources.ts';
import { EventHeadline, LabelValue } from '../../parts/event-details.tsx';
import { InertText } from '../../parts/inert-text.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { RawLine } from '../../parts/raw-line.tsx';

/** What became of one record, stage by stage. */
export function ParsedRecordView({
  parsed,
  number,
  open,
}: {
  readonly parsed: ParsedRecord;
  readonly number: number;
  readonly open: boolean;
}): ReactNode {
  const [opened, setOpened] = useState(open);
  const { record, event, refused } = parsed;
  const raw = textOf(record, 'raw') ?? '';
  return (
    <section className="panel" aria-label={`Record ${number}`}>
      <header>
        <h2>
          <button type="button" className="plain" aria-expanded={opened} onClick={() => setOpened(!opened)}>
            <span aria-hidden="true" className="muted">
              {opened ? '▾' : '▸'}
            </span>{' '}
            {number}. {event === undefined ? 'Refused' : <EventHeadline event={event} />}
          </button>
        </h2>
        {refused !== undefined && (
          <span className="outcome-failure">
            {refused.reason} <code>{refused.code}</code>
          </span>
        )}
      </header>
      <div className="body parsed-body">
        <RawLine text={raw} />
        {opened && (
          <>
            <Decoded record={record} />
            <Mapped trace={parsed.trace} />
            {event !== undefined && (
              <Stage title="3 Enriched: what is known from elsewhere" group="context" event={event} />
            )}
            {event !== undefined && (
              <Stage title="4 Categorized: what kind of thing happened" group="category" event={event} />
            )}
          </>
        )}
      </div>
    </section>
  );
}

function Decoded({ record }: { readonly record: ParsedRecord['record'] }): ReactNode {
  const keys = Object.entries(record).filter(([key, value]) => key !== 'raw' && value !== null && value !== undefined);
  return (
    <div>
      <h3>1 Decoded and correlated: the record, with what its connection knows</h3>
      <dl className="record-keys">
        {keys.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              <InertText text={showValue(value)} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Mapped({ trace }: { readonly trace: ParsedRecord['trace'] }): ReactNode {
  const [all, setAll] = useState(false);
  const used = trace.filter(({ value, gave }) => value !== null || gave !== null);
  const shown = all ? trace : used;
  return (
    <div>
      <h3>2 Mapped: one row of the mapping, one label</h3>
      <div className="scroll-x">
        <table className="plain-table">
          <thead>
            <tr>
              <th>Key</th>
              <th>Had</th>
              <th>Label</th>
              <th>Became</th>
              <th>Rule</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={`${row.from} ${row.to}`} className={row.gave === null ? 'muted' : ''}>
                <td className="mono">{row.sourceField ?? row.from}</td>
                <td>{row.value === null ? '–' : <InertText text={showValue(row.value)} />}</td>
                <td className="mono" title={aboutLabel(row.to)}>
                  {row.to} <span className="muted">{row.group}</span>
                </td>
                <td>{row.gave === null ? '–' : <InertText text={showValue(row.gave)} />}</td>
                <td className="muted">{row.rule ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <button type="button" className="plain link" onClick={() => setAll(!all)}>
        {all ? 'Only rows with a value' : `All ${trace.length} rows, also those without a value`}
      </button>
    </div>
  );
}

function aboutLabel(name: string): string {
  const label = findLabel(name);
  return label === undefined ? '' : fieldOf(label).about;
}

function Stage({
  title,
  group,
  event,
}: {
  readonly title: string;
  readonly group: 'context' | 'category';
  readonly event: NonNullable<ParsedRecord['event']>;
}): ReactNode {
  const { zone } = usePreferences();
  const shown: readonly Label[] = labels.filter(
    (label) => event[label] !== undefined && fieldOf(label).group === group,
  );
  return (
    <div>
      <h3>{title}</h3>
      {shown.length === 0 ? (
        <p className="muted">Nothing was added.</p>
      ) : (
        <dl className="record-keys">
          {shown.map((label) => (
            <div key={label}>
              <dt title={fieldOf(label).about}>{label}</dt>
              <dd>
                <LabelValue label={label} event={event} zone={zone} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
