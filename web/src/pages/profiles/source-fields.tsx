import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { PathRows } from './path-rows.tsx';
import { type DraftSource, newSource, toggleLog } from './profile-draft.ts';
import type { StepProps } from './profile-steps.ts';
import { RowNotices } from './row-notices.tsx';
import { ZoneField } from './zone-field.tsx';

const formats = [
  { value: 'auto', label: 'Text and JSON, also mixed' },
  { value: 'text', label: 'Text only' },
  { value: 'json', label: 'JSON only' },
];
const starts = [
  { value: 'beginning', label: 'From its beginning' },
  { value: 'end', label: 'From its end: only what is new' },
  { value: 'date', label: 'From a date on' },
];

/** One set of logs to read. */
export function SourceFields({
  number,
  source,
  sources,
  onSource,
  onRemove,
  problemOf,
  noticesOf,
}: Pick<StepProps, 'sources' | 'problemOf' | 'noticesOf'> & {
  /** Which of the log sources it is, from 1. */
  readonly number: number;
  readonly source: DraftSource;
  readonly onSource: (source: DraftSource) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { row, logs } = source;
  const known = sources.find(({ id }) => id === source.source);
  const kinds = known?.logs ?? logs.map((name) => ({ name, about: '', usualPaths: [] }));
  return (
    <section className="part" aria-label={`Log source ${number}`}>
      <div className="part-head">
        <NativeSelect
          label="Data source"
          data={[
            ...sources.map(({ id, product }) => ({ value: id, label: product })),
            ...(known === undefined ? [{ value: source.source, label: source.source }] : []),
          ]}
          value={source.source}
          onChange={(event) => {
            const next = sources.find(({ id }) => id === event.currentTarget.value);
            if (next !== undefined) onSource({ ...newSource(next), row });
          }}
        />
        <Button variant="default" size="xs" aria-label={`Remove log source ${number}`} onClick={onRemove}>
          Remove
        </Button>
      </div>
      <RowNotices notices={noticesOf(row)} />
      <fieldset className="rows logs">
        <legend>Logs</legend>
        {kinds.map(({ name, about }) => (
          <Checkbox
            key={name}
            label={name}
            description={about}
            checked={logs.includes(name)}
            onChange={() => onSource(toggleLog(source, name, known))}
          />
        ))}
        <FieldProblem sentence={problemOf(`logs ${row}`)} />
      </fieldset>
      <PathRows
        paths={source.paths}
        onPaths={(paths) => onSource({ ...source, paths })}
        problemOf={problemOf}
        noticesOf={noticesOf}
      />
      <div className="pair">
        <NativeSelect
          label="Where a file begins"
          description="When it is read for the first time."
          data={starts}
          value={source.start}
          onChange={(event) => {
            const start = event.currentTarget.value;
            if (start === 'beginning' || start === 'end' || start === 'date') onSource({ ...source, start });
          }}
        />
        {source.start === 'date' && (
          <TextInput
            label="Date"
            description="Records before it are left out."
            placeholder="2026-11-24"
            autoComplete="off"
            value={source.startDate}
            error={problemOf(`start ${row}`)}
            onChange={(event) => onSource({ ...source, startDate: event.currentTarget.value })}
          />
        )}
        <ZoneField
          description="Of times in the logs that name none."
          value={source.zone}
          error={problemOf(`zone ${row}`)}
          onZone={(zone) => onSource({ ...source, zone })}
        />
        <NativeSelect
          label="Format"
          description="In UTF-8; other bytes stay as they are."
          data={formats}
          value={source.format}
          onChange={(event) => {
            const format = event.currentTarget.value;
            if (format === 'auto' || format === 'text' || format === 'json') onSource({ ...source, format });
          }}
        />
      </div>
    </section>
  );
}

/** What is wrong with several fields together. */
export function FieldProblem({ sentence }: { readonly sentence: string | undefined }): ReactNode {
  return sentence === undefined ? null : (
    <p role="alert" className="outcome-denied">
      {sentence}
    </p>
  );
}
