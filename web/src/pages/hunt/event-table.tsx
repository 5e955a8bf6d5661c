import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Label } from '#event';
import { type EventLabels, showValue, textOf } from '../../api/event-value.ts';
import { showText } from '../../parts/show-characters.ts';
import { CellValue, isNumber } from './cell.tsx';
import type { Column } from './columns.ts';
import { TableHead } from './table-head.tsx';

/** What the table does for the page. */
export interface TableActions {
  readonly onOpen: (event: EventLabels) => void;
  readonly onSession: (event: EventLabels) => void;
  readonly onInclude: (label: string, value: unknown) => void;
  readonly onExclude: (label: string, value: unknown) => void;
  readonly onColumns: (columns: readonly Column[]) => void;
  readonly onSort: (label: Label) => void;
  /** The last rows are in view: more are wanted. */
  readonly onEnd: () => void;
}

interface EventTableProps extends TableActions {
  readonly rows: readonly EventLabels[];
  /** Rows there are in all, as far as known. */
  readonly total: number | undefined;
  readonly columns: readonly Column[];
  readonly sort: string;
  readonly density: 'compact' | 'comfortable';
  readonly zone: string;
  readonly openId: string | undefined;
  /** What stands below the last row. */
  readonly foot: ReactNode;
}

const rowHeights = { compact: 26, comfortable: 38 } as const;
const overscan = 12;
/** Rows before the end at which more are asked for. */
const endRows = 30;

/** Where the keys are. */
interface Spot {
  readonly row: number;
  readonly column: number;
}

/** A place on the screen. */
interface Place {
  readonly x: number;
  readonly y: number;
}

function isAt({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }, { x, y }: Place): boolean {
  return Math.abs(clientX - x) <= 1 && Math.abs(clientY - y) <= 1;
}

/** The table of events: only the rows in view are drawn. */
export function EventTable(props: EventTableProps): ReactNode {
  const { rows, columns, density, zone, openId, onEnd } = props;
  const grid = useRef<HTMLDivElement>(null);
  const [spot, setSpot] = useState<Spot>({ row: 0, column: 0 });
  const [hover, setHover] = useState<{ readonly row: number; readonly label: string }>();
  const height = rowHeights[density];
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => grid.current,
    estimateSize: () => height,
    overscan,
    scrollPaddingStart: 32,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what is measured
  useEffect(() => virtual.measure(), [height, virtual]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - endRows) onEnd();
  }, [last, rows.length, onEnd]);

  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const template = columns.map((column) => `${column.width}px`).join(' ');
  const row = Math.min(spot.row, Math.max(0, rows.length - 1));
  const onKeyDown = tableKeys({
    ...props,
    spot: { row, column: spot.column },
    setSpot,
    reveal: (to) => virtual.scrollToIndex(to),
  });

  return (
    <div
      ref={grid}
      className={`events ${density}`}
      role="grid"
      aria-label="Events"
      aria-rowcount={props.total === undefined ? -1 : props.total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={rows.length === 0 ? undefined : `row-${row}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerLeave={() => setHover(undefined)}
    >
      <TableHead
        columns={columns}
        sort={props.sort}
        template={template}
        width={width}
        onColumns={props.onColumns}
        onSort={props.onSort}
      />
      <div role="rowgroup" className="events-body" style={{ height: virtual.getTotalSize(), minWidth: width }}>
        {items.map((item) => {
          const event = rows[item.index];
          if (event === undefined) return null;
          const id = textOf(event, 'eventId');
          return (
            <EventRow
              key={id ?? item.key}
              event={event}
              index={item.index}
              top={item.start}
              columns={columns}
              template={template}
              zone={zone}
              isOpen={id !== undefined && id === openId}
              spotColumn={item.index === row ? spot.column : undefined}
              hoverLabel={hover?.row === item.index ? hover.label : undefined}
              onHover={setHover}
              onSpot={setSpot}
              onOpen={props.onOpen}
              onInclude={props.onInclude}
              onExclude={props.onExclude}
            />
          );
        })}
      </div>
      {props.foot}
    </div>
  );
}

interface EventRowProps extends Pick<TableActions, 'onOpen' | 'onInclude' | 'onExclude'> {
  readonly event: EventLabels;
  readonly index: number;
  readonly top: number;
  readonly columns: readonly Column[];
  readonly template: string;
  readonly zone: string;
  readonly isOpen: boolean;
  readonly spotColumn: number | undefined;
  readonly hoverLabel: string | undefined;
  readonly onHover: (at: { readonly row: number; readonly label: string }) => void;
  readonly onSpot: (spot: Spot) => void;
}

const EventRow = memo(function EventRow(props: EventRowProps): ReactNode {
  const { event, index, columns, zone, isOpen, spotColumn, hoverLabel, onHover, onSpot } = props;
  const state = `${isOpen ? 'open' : ''} ${spotColumn === undefined ? '' : 'spot'}`;
  // Where the pointer came into the cell: buttons appear there, too, and must not take the click that was on its way.
  const entered = useRef<Place>({ x: -1, y: -1 });
  return (
    <div
      role="row"
      id={`row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      className={`events-row ${state}`}
      style={{ transform: `translateY(${props.top}px)`, gridTemplateColumns: props.template }}
      onClick={() => {
        onSpot({ row: index, column: spotColumn ?? 0 });
        props.onOpen(event);
      }}
    >
      {columns.map(({ label }, at) => {
        const value = event[label];
        const hovered = hoverLabel === label && value !== undefined;
        return (
          <div
            key={label}
            role="gridcell"
            aria-colindex={at + 1}
            className={`events-cell ${isNumber(label) ? 'number' : ''} ${spotColumn === at ? 'spot-cell' : ''}`}
            onPointerEnter={({ clientX: x, clientY: y }) => {
              entered.current = { x, y };
              onHover({ row: index, label });
            }}
          >
            <CellValue event={event} label={label} zone={zone} />
            {hovered && (
              <span className="cell-buttons">
                <CellButton
                  sign="+"
                  verb="Include"
                  label={label}
                  value={value}
                  entered={entered}
                  act={props.onInclude}
                />
                <CellButton
                  sign="−"
                  verb="Exclude"
                  label={label}
                  value={value}
                  entered={entered}
                  act={props.onExclude}
                />
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
});

function CellButton({
  sign,
  verb,
  label,
  value,
  entered,
  act,
}: {
  readonly sign: string;
  readonly verb: string;
  readonly label: string;
  readonly value: unknown;
  readonly entered: { readonly current: Place };
  readonly act: (label: string, value: unknown) => void;
}): ReactNode {
  const name = `${verb} ${label}: ${showText(showValue(Array.isArray(value) ? value[0] : value).slice(0, 80))}`;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={name}
      title={name}
      onClick={(event) => {
        // The pointer has not moved since the button appeared under it: the click is the row's.
        if (event.detail > 0 && isAt(event, entered.current)) return;
        event.stopPropagation();
        act(label, Array.isArray(value) ? value[0] : value);
      }}
    >
      {sign}
    </button>
  );
}

/** What the keys do in the table. */
function tableKeys(
  parts: EventTableProps & { spot: Spot; setSpot: (spot: Spot) => void; reveal: (row: number) => void },
): (event: KeyboardEvent) => void {
  const { rows, columns, spot, setSpot, reveal } = parts;
  const pageRows = 20;
  const go = (row: number, column: number = spot.column): void => {
    const to = Math.max(0, Math.min(rows.length - 1, row));
    setSpot({ row: to, column: Math.max(0, Math.min(columns.length - 1, column)) });
    reveal(to);
  };
  return (event) => {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    const current = rows[spot.row];
    const column = columns[spot.column];
    const first = (label: string): unknown => {
      const value = current?.[label];
      return Array.isArray(value) ? value[0] : value;
    };
    const acts: Readonly<Record<string, () => void>> = {
      j: () => go(spot.row + 1),
      ArrowDown: () => go(spot.row + 1),
      k: () => go(spot.row - 1),
      ArrowUp: () => go(spot.row - 1),
      ArrowRight: () => go(spot.row, spot.column + 1),
      ArrowLeft: () => go(spot.row, spot.column - 1),
      PageDown: () => go(spot.row + pageRows),
      PageUp: () => go(spot.row - pageRows),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      Enter: () => current !== undefined && parts.onOpen(current),
      s: () => current !== undefined && parts.onSession(current),
      '+': () => column !== undefined && current !== undefined && parts.onInclude(column.label, first(column.label)),
      '=': () => column !== undefined && current !== undefined && parts.onInclude(column.label, first(column.label)),
      '-': () => column !== undefined && current !== undefined && parts.onExclude(column.label, first(column.label)),
    };
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
}
