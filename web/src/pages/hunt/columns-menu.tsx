import { Button, Popover } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { fieldGroups, fieldOf, labels } from '#event';
import { type Column, moveColumn, usualColumns, usualWidth } from './columns.ts';

/** Chooses and orders the columns. */
export function ColumnsMenu({
  columns,
  onColumns,
}: {
  readonly columns: readonly Column[];
  readonly onColumns: (columns: readonly Column[]) => void;
}): ReactNode {
  const [sought, setSought] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const folded = sought.trim().toLowerCase();
  const others = labels.filter(
    (label) => !columns.some((column) => column.label === label) && label.toLowerCase().includes(folded),
  );
  return (
    <Popover position="bottom-end" width={340} trapFocus returnFocus transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <Button variant="default" size="compact-sm">
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="columns-menu" aria-label="Columns">
        <ol ref={list} tabIndex={-1}>
          {columns.map(({ label }, index) => (
            <li key={label}>
              <span className="mono">{label}</span>
              <button
                type="button"
                className="plain link"
                disabled={index === 0}
                aria-label={`Move ${label} to the left`}
                onClick={() => onColumns(moveColumn(columns, label, index - 1))}
              >
                ↑
              </button>
              <button
                type="button"
                className="plain link"
                disabled={index === columns.length - 1}
                aria-label={`Move ${label} to the right`}
                onClick={() => onColumns(moveColumn(columns, label, index + 1))}
              >
                ↓
              </button>
              <button
                type="button"
                className="plain link"
                disabled={columns.length === 1}
                aria-label={`Hide ${label}`}
                onClick={() => {
                  onColumns(columns.filter((column) => column.label !== label));
                  // The button goes with its column; the focus must not go with the button.
                  list.current?.focus();
                }}
              >
                ×
              </button>
            </li>
          ))}
        </ol>
        <button type="button" className="plain link" onClick={() => onColumns(usualColumns)}>
          The usual columns
        </button>
        <input
          type="search"
          className="facets-search"
          aria-label="Add a column"
          placeholder="Add a column"
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
        <ul className="columns-others">
          {fieldGroups.flatMap((group) =>
            others
              .filter((label) => fieldOf(label).group === group)
              .map((label) => (
                <li key={label}>
                  <button
                    type="button"
                    className="plain"
                    title={fieldOf(label).about}
                    onClick={() => onColumns([...columns, { label, width: usualWidth(label) }])}
                  >
                    <span className="mono">{label}</span> <span className="muted">{group}</span>
                  </button>
                </li>
              )),
          )}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
