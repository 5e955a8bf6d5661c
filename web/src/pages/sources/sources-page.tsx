import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { getSources, type SourceInfo } from '../../api/sources.ts';
import { getSystem, type SystemState } from '../../api/system.ts';
import { countOf, formatFullTime } from '../../parts/format.ts';
import { FormatList, VersionList } from '../../parts/formats-and-versions.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import { clauseFor } from '../../query/refine.ts';
import './sources.css';

/** The data sources this server reads: what they are, what came from them, their guides. */
export function SourcesPage(): ReactNode {
  const { data, error, refetch } = useQuery({ queryKey: ['sources'], queryFn: ({ signal }) => getSources(signal) });
  const system = useQuery({ queryKey: ['system'], queryFn: ({ signal }) => getSystem(signal) });
  return (
    <div className="page">
      <div className="page-head">
        <h1>Data sources</h1>
        <div className="actions">
          <Button variant="default" renderRoot={(props: object) => <Link {...props} to="/try" />}>
            Try a log line
          </Button>
        </div>
      </div>
      <p className="page-lead">
        What Meridian can read. Each source has a mapping guide: which field of its records becomes which label. Logs
        are read by <code>meridian ingest</code>, or sent as records over the API.
      </p>
      {error !== null ? (
        <Failure error={error} what="The sources cannot be shown" retry={() => void refetch()} />
      ) : data === undefined ? (
        <Bones rows={6} />
      ) : (
        data.map((source) => (
          <SourcePanel
            key={source.id}
            source={source}
            stored={system.data?.store.sources.find((one) => one.source === source.id)}
          />
        ))
      )}
    </div>
  );
}

function SourcePanel({
  source,
  stored,
}: {
  readonly source: SourceInfo;
  readonly stored: SystemState['store']['sources'][number] | undefined;
}): ReactNode {
  const { zone } = usePreferences();
  return (
    <section className="panel" aria-label={source.product}>
      <header>
        <h2>
          <Link to="/sources/$sourceId" params={{ sourceId: source.id }}>
            {source.product}
          </Link>
        </h2>
        <span className="muted">
          {source.vendor} · {source.deviceType} · mapping version {source.mappingVersion}
        </span>
        <span className="muted source-stored linked">
          {stored === undefined ? (
            'nothing stored from it yet'
          ) : (
            <>
              <Link to="/hunt" search={{ q: clauseFor('source', source.id), from: '', to: '' }}>
                {countOf(stored.events, 'event')}
              </Link>
              , newest {formatFullTime(stored.newest, zone)}
            </>
          )}
        </span>
      </header>
      <div className="body source-columns">
        <div>
          <h3>Formats</h3>
          <FormatList formats={source.supportedFormats} />
        </div>
        <div>
          <h3>Versions</h3>
          <VersionList versions={source.supportedVersions} />
        </div>
        {source.queries.length > 0 && (
          <div>
            <h3>To begin with</h3>
            <ul className="source-queries">
              {source.queries.map(({ about, query }) => (
                <li key={query}>
                  <Link to="/hunt" search={{ q: query, from: '', to: '' }} title={query}>
                    {about}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </section>
  );
}
