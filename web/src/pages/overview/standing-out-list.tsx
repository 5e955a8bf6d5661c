import { useQuery } from '@tanstack/react-query';
import { Fragment, type ReactNode } from 'react';
import { entityOf } from '../../parts/entity-link.ts';
import { EntityLink } from '../../parts/entity-name.tsx';
import { countOf, formatCount } from '../../parts/format.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { InertText } from '../../parts/inert-text.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { RowTime } from '../../parts/time.tsx';
import type { PageWindow } from '../../parts/use-window.ts';
import { beforeWords } from './new-sources.ts';
import type { Newcomers } from './newcomers.ts';
import { type Finding, findStandingOut, topOf } from './standing-out.ts';
import { useNewSources } from './use-new-sources.ts';

/** Newcomers that are named. */
const namedMax = 3;

const marks = { failure: '▲', denied: '■', partial: '◐' } as const;

/** Sentences on what is worth a look, each with its hunt. */
export function StandingOut({ page: { asked, window, zone } }: { readonly page: PageWindow }): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['overview', 'standing-out', asked],
    queryFn: ({ signal }) => findStandingOut(asked, signal),
  });
  const news = useNewSources(asked);
  const fresh = news.data?.state === 'known' ? news.data : undefined;
  const newcomers = fresh?.kinds.filter(({ found }) => found.length > 0) ?? [];
  return (
    <section className="panel" aria-label="What stands out">
      <header>
        <h2>What stands out</h2>
        <span className="muted">newcomers first</span>
      </header>
      {error !== null ? (
        <Failure error={error} what="This cannot be shown" retry={() => void refetch()} />
      ) : data === undefined ? (
        <Bones rows={6} />
      ) : data.length === 0 && newcomers.length === 0 && !news.isPending ? (
        <Empty title="Nothing stands out in this window." />
      ) : (
        <ul className="findings">
          {newcomers.map((one) => (
            <NewcomersItem key={one.kind} newcomers={one} since={fresh?.since} window={window} zone={zone} />
          ))}
          {data.map((finding) => (
            <li key={finding.id}>
              <span className={`outcome-${finding.tone}`} aria-hidden="true">
                {marks[finding.tone]}
              </span>
              <span className="linked">
                <HuntLink q={finding.query} window={window}>
                  {finding.what(finding.count)}
                </HuntLink>{' '}
                <Spread finding={finding} />
              </span>
              <span className="muted finding-time">
                last <RowTime time={finding.last} zone={zone} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {news.data?.state === 'nothing-before' && (
        <p className="findings-note muted">Nothing came in before this window, so that new sources cannot be told.</p>
      )}
      {news.error !== null && (
        <Failure error={news.error} what="New sources cannot be shown" retry={() => void news.refetch()} />
      )}
    </section>
  );
}

/** Who came up in the window, and was not seen in the days before. */
function NewcomersItem({
  newcomers: { kind, one, many, found, isMore, query },
  since,
  window,
  zone,
}: {
  readonly newcomers: Newcomers;
  readonly since: number | undefined;
  readonly window: PageWindow['window'];
  readonly zone: string;
}): ReactNode {
  const named = found.slice(0, namedMax);
  const count = isMore ? `more than ${countOf(found.length, one, many)}` : countOf(found.length, one, many);
  return (
    <li>
      <span className="outcome-pending" aria-hidden="true">
        ＋
      </span>
      <span className="linked">
        <HuntLink q={query} window={window}>
          {count} not seen {beforeWords(since, zone)}
        </HuntLink>
        :{' '}
        {named.map(({ value }, index) => (
          <Fragment key={value}>
            {index > 0 && ', '}
            <EntityLink kind={kind} value={value} />
          </Fragment>
        ))}
        {found.length > named.length && ' and others'}
      </span>
      <span className="muted finding-time">
        newest <RowTime time={found[0]?.first ?? 0} zone={zone} />
      </span>
    </li>
  );
}

function Spread({ finding }: { readonly finding: Finding }): ReactNode {
  const top = topOf(finding);
  if (top === undefined) return null;
  const entity = entityOf(finding.by === 'distinguishedName' ? 'boundDn' : finding.by, top);
  const name = entity === undefined ? <InertText text={top} /> : <EntityLink {...entity} />;
  return (
    <>
      {finding.isMore ? 'from more than ' : ''}
      {finding.spread(finding.distinct)}
      {finding.distinct > 1 && `, ${finding.most}`} {finding.distinct > 1 ? name : <>: {name}</>}
      {finding.distinct > 1 && ` (${formatCount(finding.topCount)})`}
    </>
  );
}
