import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { entityOf } from '../../parts/entity-link.ts';
import { EntityLink } from '../../parts/entity-name.tsx';
import { formatCount } from '../../parts/format.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { InertText } from '../../parts/inert-text.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { RowTime } from '../../parts/time.tsx';
import type { PageWindow } from '../../parts/use-window.ts';
import { type Finding, findStandingOut, topOf } from './standing-out.ts';

const marks = { failure: '▲', denied: '■', partial: '◐' } as const;

/** Sentences on what is worth a look, each with its hunt. */
export function StandingOut({ page: { asked, window, zone } }: { readonly page: PageWindow }): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['overview', 'standing-out', asked],
    queryFn: ({ signal }) => findStandingOut(asked, signal),
  });
  return (
    <section className="panel" aria-label="What stands out">
      <header>
        <h2>What stands out</h2>
        <span className="muted">newest first</span>
      </header>
      {error !== null ? (
        <Failure error={error} what="This cannot be shown" retry={() => void refetch()} />
      ) : data === undefined ? (
        <Bones rows={6} />
      ) : data.length === 0 ? (
        <Empty title="Nothing stands out in this window." />
      ) : (
        <ul className="findings">
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
    </section>
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
