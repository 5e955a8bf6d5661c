import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { getSources } from '../../api/sources.ts';
import { getRetention, getSystem, type Retention, setRetention } from '../../api/system.ts';
import { countOf, formatBytes, formatDay } from '../../parts/format.ts';
import { useMay } from '../../parts/own-session.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import './retention.css';

const daysMax = 36_500;
const dayMs = 86_400_000;

/** How long events are kept: for all sources, and for those that differ. */
export function RetentionPage(): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['retention'],
    queryFn: ({ signal }) => getRetention(signal),
  });
  return (
    <div className="page">
      <div className="page-head">
        <h1>Retention</h1>
      </div>
      <p className="page-lead">
        Events older than this are removed for good, day by day, by the store itself. Empty means they are kept for
        ever.
      </p>
      {error !== null ? (
        <Failure error={error} what="The retention cannot be shown" retry={() => void refetch()} />
      ) : data === undefined ? (
        <Bones rows={4} />
      ) : (
        <RetentionForm kept={data} />
      )}
    </div>
  );
}

/** A number of days as text; empty is for ever. */
type Draft = Readonly<Record<string, string>>;
const allKey = '';

function draftOf({ days, sources }: Retention): Draft {
  const draft: Record<string, string> = { [allKey]: days === null ? '' : String(days) };
  for (const [source, own] of Object.entries(sources)) draft[source] = own === null ? 'ever' : String(own);
  return draft;
}

/** Undefined when a text is no number of days. */
function readDays(text: string): number | null | undefined {
  if (text.trim() === '' || text.trim() === 'ever') return null;
  const days = Number(text);
  return Number.isInteger(days) && days >= 1 && days <= daysMax ? days : undefined;
}

function RetentionForm({ kept }: { readonly kept: Retention }): ReactNode {
  const client = useQueryClient();
  const { zone } = usePreferences();
  const may = useMay('retention:write');
  const system = useQuery({ queryKey: ['system'], queryFn: ({ signal }) => getSystem(signal) });
  const sources = useQuery({ queryKey: ['sources'], queryFn: ({ signal }) => getSources(signal) });
  const [draft, setDraft] = useState(() => draftOf(kept));
  const [before, setBefore] = useState<Retention>();
  useEffect(() => setDraft(draftOf(kept)), [kept]);
  const save = useMutation({
    mutationFn: (next: Retention) => setRetention(next),
    onSuccess: (now) => client.setQueryData(['retention'], now),
  });

  const names = [...new Set([...(sources.data ?? []).map(({ id }) => id), ...Object.keys(kept.sources)])];
  const days = readDays(draft[allKey] ?? '');
  const own = names
    .filter((name) => draft[name] !== undefined && draft[name] !== '')
    .map((name) => [name, readDays(draft[name] ?? '')] as const);
  const valid = days !== undefined && own.every(([, value]) => value !== undefined);
  const oldest = system.data?.store.oldestEvent;
  const goes = typeof days === 'number' && oldest !== undefined && oldest < Date.now() - days * dayMs;
  const limit = typeof days === 'number' ? Date.now() - days * dayMs : undefined;
  const gone = (system.data?.store.days ?? []).filter(
    ({ day }) => limit !== undefined && Date.parse(day) + dayMs < limit,
  );

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (days === undefined) return;
    const wanted: Record<string, number | null> = {};
    for (const [name, value] of own) if (value !== undefined) wanted[name] = value;
    setBefore(kept);
    save.mutate({ days, sources: wanted });
  }

  return (
    <form className="panel retention" onSubmit={submit}>
      <div className="body">
        <Row
          name="All sources"
          text={draft[allKey] ?? ''}
          placeholder="for ever"
          onText={(text) => setDraft({ ...draft, [allKey]: text })}
        />
        {names.map((name) => (
          <Row
            key={name}
            name={name}
            text={draft[name] ?? ''}
            placeholder="as all sources"
            onText={(text) => setDraft({ ...draft, [name]: text })}
          />
        ))}
        <p className="muted">
          Days from 1 to {daysMax.toLocaleString()}; for one source, “ever” keeps it for ever whatever the others do.
        </p>
        {!valid && (
          <p role="alert" className="outcome-denied">
            Write whole days from 1 to {daysMax.toLocaleString()}, or leave it empty.
          </p>
        )}
        {goes && limit !== undefined && gone.length > 0 && (
          <p className="notice">
            {countOf(
              gone.reduce((sum, { events }) => sum + events, 0),
              'event',
            )}{' '}
            from before {formatDay(limit, zone)} will be removed for good,{' '}
            {formatBytes(gone.reduce((sum, { bytes }) => sum + bytes, 0))}. This cannot be undone once the store has
            done it.
          </p>
        )}
        {!may && <p className="muted">Only an administrator may change it.</p>}
        <div className="page-head">
          <Button type="submit" disabled={!valid || !may} loading={save.isPending}>
            {goes && gone.length > 0 ? 'Set, and remove older events' : 'Set retention'}
          </Button>
          <span role="status">
            {save.error !== null && <span className="outcome-denied">{save.error.message}</span>}
            {save.isSuccess && (
              <>
                It is set.{' '}
                {before !== undefined && (
                  <button
                    type="button"
                    className="plain link"
                    onClick={() => {
                      save.mutate(before);
                      setBefore(undefined);
                    }}
                  >
                    Undo
                  </button>
                )}
              </>
            )}
          </span>
        </div>
      </div>
    </form>
  );
}

function Row({
  name,
  text,
  placeholder,
  onText,
}: {
  readonly name: string;
  readonly text: string;
  readonly placeholder: string;
  readonly onText: (text: string) => void;
}): ReactNode {
  const wrong = readDays(text) === undefined;
  return (
    <label className="retention-row">
      <span>{name}</span>
      <input
        type="text"
        inputMode="numeric"
        value={text}
        placeholder={placeholder}
        aria-invalid={wrong}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <span className="muted">days</span>
    </label>
  );
}
