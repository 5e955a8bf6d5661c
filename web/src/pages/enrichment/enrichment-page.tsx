import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type EnrichmentState, getEnrichment } from '../../api/system.ts';
import { countOf, formatAge, formatCount, formatDay, formatFullTime } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import '../system/system.css';

const refreshMs = 15_000;

/** Which knowledge about addresses and people is in use, how fresh it is, and what is wrong with its files. */
export function EnrichmentPage(): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['enrichment'],
    queryFn: ({ signal }) => getEnrichment(signal),
    refetchInterval: refreshMs,
  });
  return (
    <div className="page">
      <div className="page-head">
        <h1>Enrichment</h1>
      </div>
      <p className="page-lead">
        What is added to events from elsewhere: zones and geography of addresses, assets, identities, intelligence
        lists. The files lie in the enrichment folder of the server; they are read again as soon as they change.
      </p>
      {error !== null ? (
        <Failure error={error} what="The enrichment cannot be shown" retry={() => void refetch()} />
      ) : data === undefined ? (
        <Bones rows={6} />
      ) : (
        <State state={data} />
      )}
    </div>
  );
}

function State({ state }: { readonly state: EnrichmentState }): ReactNode {
  const { zone } = usePreferences();
  return (
    <>
      {state.notices.map(({ code, file, sentence, hint }) => (
        <p key={`${code} ${file} ${sentence}`} className="notice" role="alert">
          <InertText text={file} /> {sentence} <span className="muted">{hint}</span>{' '}
          <code className="muted">{code}</code>
        </p>
      ))}
      <div className="system-columns">
        <Files state={state} zone={zone} />
        <section className="panel" aria-label="In use">
          <header>
            <h2>In use</h2>
          </header>
          <dl className="body facts">
            <Fact name="Zones" value={formatCount(state.zones)} />
            <Fact name="Assets" value={formatCount(state.assets)} />
            <Fact name="Identities" value={formatCount(state.identities)} />
            {state.databases.map(({ label, builtAt }) => (
              <Fact
                key={label}
                name={label}
                value={`built ${formatDay(builtAt, zone)}, ${formatAge((Date.now() - builtAt) / 1_000)} old`}
              />
            ))}
            {state.lists.map(({ name, addresses, unmatchable }) => (
              <Fact
                key={name}
                name={`List ${name}`}
                value={`${countOf(addresses, 'address', 'addresses')}${unmatchable > 0 ? `, ${formatCount(unmatchable)} that no label can match` : ''}`}
              />
            ))}
            <Fact name="Events enriched" value={`${formatCount(state.events)} since the start`} />
            <div>
              <dt>In part only</dt>
              <dd>
                <Link to="/hunt" search={{ q: 'enrichmentStatus: partial', from: '', to: '' }}>
                  {formatCount(state.partial)}
                </Link>
              </dd>
            </div>
          </dl>
        </section>
      </div>
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Files({ state, zone }: { readonly state: EnrichmentState; readonly zone: string }): ReactNode {
  return (
    <section className="panel" aria-label="Files">
      <header>
        <h2>Files</h2>
      </header>
      {state.files.length === 0 ? (
        <Empty title="No files yet">
          <p>
            Put zones, assets, identities, an mmdb or lists into the enrichment folder; the forms are in{' '}
            <code>docs/enrichment.md</code>. Until then the built-in zones (private, loopback, documentation) are used.
          </p>
        </Empty>
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th>Kind</th>
                <th>File</th>
                <th>Data</th>
                <th className="number">Entries</th>
                <th>Read</th>
              </tr>
            </thead>
            <tbody>
              {state.files.map(({ kind, path, source, entries, readAt }) => (
                <tr key={path}>
                  <td>{kind}</td>
                  <td>
                    <InertText text={path} />
                  </td>
                  <td>{source ?? '–'}</td>
                  <td className="number">{formatCount(entries)}</td>
                  <td>{readAt === undefined ? '–' : formatFullTime(readAt, zone)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
