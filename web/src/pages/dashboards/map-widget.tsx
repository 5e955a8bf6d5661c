import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { measureGroups, type WidgetOf } from '../../api/dashboards.ts';
import { formatCount } from '../../parts/format.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { InertText } from '../../parts/inert-text.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { Empty } from '../../parts/states.tsx';
import { nameCountry } from './name-country.ts';
import { queryOfGroup } from './top-widget.tsx';
import { useWidget, type WidgetPlace } from './use-widget.ts';
import { WidgetBody } from './widget-body.tsx';

/** The outline of the land is fetched when a map is shown that has something to show. */
const WorldMap = lazy(async () => ({ default: (await import('./world-map.tsx')).WorldMap }));

const label = 'sourceCountry';
const countriesMax = 300;
const listed = 5;

/** By country of the client's address. */
export function MapWidget({
  widget: { query },
  place: { asked, window },
  asTable,
}: {
  readonly widget: WidgetOf<'map'>;
  readonly place: WidgetPlace;
  readonly asTable: boolean;
}): ReactNode {
  const question = { ...asked, q: query };
  const data = useWidget(['map', question], (signal) =>
    measureGroups({ ...question, by: [label], limit: countriesMax }, signal),
  );
  return (
    <WidgetBody query={data} rows={6} isEmpty={(groups) => groups.length === 0}>
      {(groups) => {
        const countries = groups.flatMap(({ values: [value], count }) =>
          typeof value === 'string' ? [{ code: value, count }] : [],
        );
        if (countries.length === 0) return <NoCountries />;
        const without = groups.find(({ values: [value] }) => value === null)?.count ?? 0;
        return (
          <>
            {!asTable && (
              <Suspense fallback={<div className="world-space" />}>
                <WorldMap countries={countries} />
              </Suspense>
            )}
            <table className="plain-table">
              <thead className="unseen">
                <tr>
                  <th>country</th>
                  <th>events</th>
                </tr>
              </thead>
              <tbody>
                {countries.slice(0, asTable ? countriesMax : listed).map(({ code, count }) => (
                  <tr key={code}>
                    <td>
                      <InertText text={nameCountry(code)} />
                    </td>
                    <td className="number">
                      <HuntLink q={queryOfGroup(query, [label], [code])} window={window}>
                        {formatCount(count)}
                      </HuntLink>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {without > 0 && <p className="muted widget-note">{formatCount(without)} without a country</p>}
          </>
        );
      }}
    </WidgetBody>
  );
}

/** There are events, but nothing says where their addresses lie. */
function NoCountries(): ReactNode {
  const may = useMay('enrichment:read');
  return (
    <Empty title="No address of these events has a country">
      <p>
        Addresses of one’s own network have none. For others, put a file such as <code>GeoLite2-City.mmdb</code> or{' '}
        <code>dbip-country-lite.mmdb</code> among the {may ? <Link to="/enrichment">enrichment</Link> : 'enrichment'}{' '}
        files; events that come in from then on have a country.
      </p>
    </Empty>
  );
}
