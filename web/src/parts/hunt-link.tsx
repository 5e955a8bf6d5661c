import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TimeWindow } from '../query/time-window.ts';

/** Leads to the hunt that explains what it stands on. */
export function HuntLink({
  q,
  window,
  title,
  children,
  className,
}: {
  readonly q: string;
  readonly window: TimeWindow;
  readonly title?: string | undefined;
  readonly className?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Link
      to="/hunt"
      search={{ ...(q === '' ? {} : { q }), from: window.from, to: window.to }}
      title={title ?? (q === '' ? 'All events' : q)}
      className={className ?? ''}
    >
      {children}
    </Link>
  );
}
