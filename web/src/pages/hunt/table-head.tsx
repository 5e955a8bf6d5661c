import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import { fieldOf, type Label } from '#event';
import { isNumber } from './cell.tsx';
import { type Column, clampWidth, moveColumn } from './columns.ts';

const keyStepPx = 16;

/** The head of the table: sorts, resizes, moves; with the pointer and with the keys. */
export function TableHead({
  columns,
  sort,
  template,
  width,
  onColumns,
  onSort,
}: {
  readonly columns: readonly Column[];
  readonly sort: string;
  readonly template: string;
  readonly width: number;
  readonly onColumns: (columns: readonly Column[]) => void;
  readonly onSort: (label: Label) => void;
}): ReactNode {
  const [dragged, setDragged] = useState<Label>();

  function resize(label: Label, next: number): void {
    onColumns(columns.map((column) => (column.label === label ? { label, width: clampWidth(next) } : column)));
  }

  function onKeyDown(event: KeyboardEvent, column: Column, index: number): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || !event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) onColumns(moveColumn(columns, column.label, index + step));
    else resize(column.label, column.width + step * keyStepPx);
  }

  return (
    <div role="rowgroup" className="events-head">
      <div
        role="row"
        aria-rowindex={1}
        className="events-row"
        style={{ gridTemplateColumns: template, minWidth: width }}
      >
        {columns.map((column, index) => {
          const { label } = column;
          const descending = sort === `-${label}`;
          const ascending = sort === label;
          return (
            <div
              key={label}
              role="columnheader"
              aria-colindex={index + 1}
              aria-sort={descending ? 'descending' : ascending ? 'ascending' : 'none'}
              className={`events-cell ${isNumber(label) ? 'number' : ''} ${dragged === label ? 'dragged' : ''}`}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', label);
                setDragged(label);
              }}
              onDragOver={(event) => {
                if (dragged !== undefined) event.preventDefault();
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged !== undefined) onColumns(moveColumn(columns, dragged, index));
              }}
              onDragEnd={() => setDragged(undefined)}
            >
              <button
                type="button"
                className="plain"
                title={`${label}: ${fieldOf(label).about}\nClick sorts. Alt+←/→ resizes, Alt+Shift+←/→ moves.`}
                onClick={() => onSort(label)}
                onKeyDown={(event) => onKeyDown(event, column, index)}
              >
                {label}
                {descending ? ' ▾' : ascending ? ' ▴' : ''}
              </button>
              <Grip width={column.width} onWidth={(next) => resize(label, next)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The right edge of a column head; drawing it changes the width. */
function Grip({ width, onWidth }: { readonly width: number; readonly onWidth: (width: number) => void }): ReactNode {
  const [from, setFrom] = useState<{ readonly x: number; readonly width: number }>();
  function move(event: PointerEvent): void {
    if (from !== undefined) onWidth(from.width + event.clientX - from.x);
  }
  return (
    <span
      className="grip"
      aria-hidden="true"
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={(event) => {
        event.preventDefault();
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom({ x: event.clientX, width });
      }}
      onPointerMove={move}
      onPointerUp={() => setFrom(undefined)}
      onPointerCancel={() => setFrom(undefined)}
    />
  );
}
