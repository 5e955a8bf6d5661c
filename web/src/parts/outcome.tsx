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
  return marks[value] === undefined ? <span>{value}</span> : <Mark outcome={value}>{value}</Mark>;
}

/** Words with the shape and colour of an outcome. */
export function Mark({
  outcome,
  title,
  children,
}: {
  readonly outcome: string;
  readonly title?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <span className={`outcome outcome-${outcome}`} title={title}>
      <span className="mark" aria-hidden="true">
        {marks[outcome]}
      </span>
      {children}
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
