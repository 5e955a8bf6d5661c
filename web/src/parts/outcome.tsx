import type { ReactNode } from 'react';

const marks: Readonly<Record<string, string>> = {
  success: '●',
  failure: '▲',
  denied: '■',
  partial: '◐',
  pending: '◌',
  unknown: '○',
};

/** Outcomes in the order they are stacked and listed. */
export const outcomeOrder: readonly string[] = ['success', 'partial', 'pending', 'unknown', 'failure', 'denied'];

/** An outcome: its shape, its word, its colour. */
export function Outcome({ value }: { readonly value: string }): ReactNode {
  const mark = marks[value];
  if (mark === undefined) return <span>{value}</span>;
  return (
    <span className={`outcome outcome-${value}`}>
      <span className="mark" aria-hidden="true">
        {mark}
      </span>
      {value}
    </span>
  );
}

const severities: readonly (readonly [least: number, name: string])[] = [
  [9, 'critical'],
  [7, 'high'],
  [5, 'medium'],
  [3, 'low'],
  [0, 'info'],
];

/** A severity from 0 to 10, with its word. */
export function Severity({ value }: { readonly value: number }): ReactNode {
  const name = severities.find(([least]) => value >= least)?.[1] ?? 'info';
  return (
    <span className={`severity-${name}`}>
      {value} {name}
    </span>
  );
}
