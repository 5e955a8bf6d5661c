import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type AuditEntry, type AuditFilter, getAudit } from '../../api/people.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { Outcome } from '../../parts/outcome.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { RowTime } from '../../parts/time.tsx';
import '../people.css';

const pageEntries = 100;

/** What stands before the point of an action. */
const kinds: readonly (readonly [value: string, name: string])[] = [
  ['', 'Everything'],
  ['session', 'Signing in and out'],
  ['user', 'Users'],
  ['invitation', 'Links used'],
  ['account', 'Own accounts'],
  ['second-factor', 'Second factors'],
  ['token', 'API tokens'],
  ['search', 'Saved searches'],
  ['dashboard', 'Dashboards'],
  ['events', 'Exports'],
  ['retention', 'Retention'],
  ['dead-letters', 'Dead letters'],
  ['profile', 'Agent profiles'],
  ['agent', 'Agents'],
  ['enrollment', 'Enrollment'],
  ['enrichment', 'Enrichment files'],
  ['access', 'What was denied elsewhere'],
];
const outcomes: readonly (readonly [value: string, name: string])[] = [
  ['', 'Every outcome'],
  ['success', 'Success'],
  ['denied', 'Denied'],
  ['failure', 'Failure'],
];

/** Who did what, when, from where. */
export function AuditPage(): ReactNode {
  const [filter, setFilter] = useState<AuditFilter>({});
  const set = (change: AuditFilter): void => setFilter({ ...filter, ...change });
  return (
    <div className="page people">
      <div className="page-head">
        <h1>Audit trail</h1>
        <div className="actions">
          <Link to="/hunt" search={{ q: 'source: meridian-audit' }}>
            Hunt in it
          </Link>
        </div>
      </div>
      <p className="page-lead">
        Signing in, every change, every export, and what was denied. Entries are added, never changed; each is an event,
        too.
      </p>
      <div className="audit-filters">
        <Select label="What" choices={kinds} value={filter.action} onValue={(action) => set({ action })} />
        <Select label="Outcome" choices={outcomes} value={filter.outcome} onValue={(outcome) => set({ outcome })} />
        <TextInput
          label="Who"
          placeholder="Name, exactly"
          spellCheck={false}
          value={filter.actor ?? ''}
          onChange={(event) => set({ actor: event.currentTarget.value })}
        />
      </div>
      <Entries filter={filter} />
    </div>
  );
}

function Select({
  label,
  choices,
  value = '',
  onValue,
}: {
  readonly label: string;
  readonly choices: readonly (readonly [value: string, name: string])[];
  readonly value: string | undefined;
  readonly onValue: (value: string) => void;
}): ReactNode {
  return (
    <NativeSelect
      label={label}
      data={choices.map(([one, name]) => ({ value: one, label: name }))}
      value={value}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  );
}

function Entries({ filter }: { readonly filter: AuditFilter }): ReactNode {
  const query = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) => getAudit(filter, pageParam, pageEntries, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next,
  });
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <section className="panel" aria-label="Entries">
      {query.error !== null ? (
        <Failure error={query.error} what="The audit trail cannot be shown" retry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Bones rows={8} />
      ) : entries.length === 0 ? (
        <Empty title="Nothing of this kind was noted" />
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th>When</th>
                <th>Who</th>
                <th>What</th>
                <th>On what</th>
                <th>Outcome</th>
                <th>From</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <Row key={entry.number} entry={entry} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {query.hasNextPage && (
        <div className="body">
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show earlier entries
          </Button>
        </div>
      )}
    </section>
  );
}

function Row({ entry }: { readonly entry: AuditEntry }): ReactNode {
  const { zone } = usePreferences();
  return (
    <tr>
      <td>
        <RowTime time={entry.time} zone={zone} />
      </td>
      <td>{entry.actor === '' ? <span className="muted">somebody unknown</span> : <InertText text={entry.actor} />}</td>
      <td className="mono">{entry.action}</td>
      <td className="wrap">
        <InertText text={entry.object} />
        {entry.detail !== '' && (
          <div className="muted">
            <InertText text={entry.detail} />
          </div>
        )}
      </td>
      <td>
        <Outcome value={entry.outcome} />
        {entry.code !== undefined && <div className="muted mono">{entry.code}</div>}
      </td>
      <td className="mono">{entry.address}</td>
    </tr>
  );
}
