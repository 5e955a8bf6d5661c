import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { showValue } from '../../api/event-value.ts';
import { type Asked, type Group, groupEvents } from '../../api/events.ts';
import { entityOf } from '../../parts/entity-link.ts';
import { countOf, formatCount } from '../../parts/format.ts';
import { showText } from '../../parts/show-characters.ts';
import { Bones, Failure } from '../../parts/states.tsx';
import type { EntityTable } from './entity-kinds.ts';

const shownMax = 9;
const rowPx = 26;
const widthPx = 1_000;
const columnPx = 360;
const nameMax = 40;

/** The entity in the middle, those it had to do with at both sides; a thicker line is more events. */
export function Neighbours({
  asked,
  name,
  left,
  right,
}: {
  readonly asked: Asked;
  readonly name: string;
  readonly left: EntityTable;
  readonly right: EntityTable;
}): ReactNode {
  const lefts = useNeighbours(asked, left);
  const rights = useNeighbours(asked, right);
  const error = lefts.error ?? rights.error;
  if (error !== null) return <Failure error={error} what="The neighbours cannot be shown" />;
  if (lefts.data === undefined || rights.data === undefined) return <Bones rows={5} />;
  const height = Math.max(3, lefts.data.length, rights.data.length) * rowPx + 48;
  const middle = (height - 14) / 2 + 8;
  const most = Math.max(1, ...[...lefts.data, ...rights.data].map(({ count }) => count));
  return (
    <section className="panel" aria-label="Neighbours">
      <header>
        <h2>Neighbours</h2>
      </header>
      <div className="body scroll-x">
        <svg width={widthPx} height={height} className="neighbours" aria-label="Neighbours" role="group">
          <text x={columnPx} y={12} textAnchor="end" className="muted-text">
            {left.title}
          </text>
          <text x={widthPx - columnPx} y={12} className="muted-text">
            {right.title}
          </text>
          <Side groups={lefts.data} table={left} middle={middle} most={most} side="left" />
          <Side groups={rights.data} table={right} middle={middle} most={most} side="right" />
          <circle cx={widthPx / 2} cy={middle} r={7} className="neighbour-self" />
          <text x={widthPx / 2} y={height - 4} textAnchor="middle" className="neighbour-name">
            {shorten(name)}
          </text>
        </svg>
      </div>
    </section>
  );
}

function useNeighbours(asked: Asked, { q, by }: EntityTable) {
  const question = { ...asked, q };
  return useQuery({
    queryKey: ['group', question, by, 'neighbours'],
    queryFn: async ({ signal }) => {
      const groups = await groupEvents({ ...question, by, limit: shownMax + 1 }, signal);
      return groups.filter(({ values: [value] }) => value !== null && value !== undefined).slice(0, shownMax);
    },
  });
}

function shorten(text: string): string {
  const shown = showText(text.slice(0, nameMax * 2));
  return shown.length > nameMax ? `${shown.slice(0, nameMax)}…` : shown;
}

function Side({
  groups,
  table,
  middle,
  most,
  side,
}: {
  readonly groups: readonly Group[];
  readonly table: EntityTable;
  readonly middle: number;
  readonly most: number;
  readonly side: 'left' | 'right';
}): ReactNode {
  const navigate = useNavigate();
  const label = table.by[0] ?? '';
  const x = side === 'left' ? columnPx : widthPx - columnPx;
  const first = middle - (groups.length * rowPx) / 2 + rowPx / 2;
  if (groups.length === 0) {
    return (
      <text x={x} y={middle} textAnchor={side === 'left' ? 'end' : 'start'} className="muted-text">
        {table.none}
      </text>
    );
  }
  return (
    <g>
      {groups.map((group, index) => {
        const value = showValue(group.values[0]);
        const y = first + index * rowPx;
        const entity = entityOf(label, group.values[0]);
        const edge = side === 'left' ? x + 8 : x - 8;
        const bend = (edge + widthPx / 2) / 2;
        const go = (): void => {
          if (entity !== undefined) {
            void navigate({ to: '/entities/$kind', params: { kind: entity.kind }, search: { value: entity.value } });
          }
        };
        return (
          <g key={value}>
            <path
              d={`M ${edge} ${y} C ${bend} ${y}, ${bend} ${middle}, ${widthPx / 2} ${middle}`}
              className="neighbour-line"
              strokeWidth={1 + 5 * Math.sqrt(group.count / most)}
            />
            <text
              x={x}
              y={y + 4}
              textAnchor={side === 'left' ? 'end' : 'start'}
              className="neighbour-name"
              role="link"
              tabIndex={0}
              aria-label={`${shorten(value)} ${countOf(group.count, 'event')}: ${showText(value.slice(0, 512))}`}
              onClick={go}
              onKeyDown={(event) => {
                if (event.key === 'Enter') go();
              }}
            >
              <title>{`${showText(value)}\n${countOf(group.count, 'event')}`}</title>
              {shorten(value)}
              <tspan className="muted-text"> {formatCount(group.count)}</tspan>
            </text>
          </g>
        );
      })}
    </g>
  );
}
