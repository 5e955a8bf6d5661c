import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EntityKind } from './entity-link.ts';
import { DnText, InertText } from './inert-text.tsx';

/** The name of an entity; leads to its page. */
export function EntityLink({ kind, value }: { readonly kind: EntityKind; readonly value: string }): ReactNode {
  return (
    <Link to="/entities/$kind" params={{ kind }} search={{ value }} className="entity-link">
      {kind === 'identity' || kind === 'entry' ? <DnText text={value} /> : <InertText text={value} />}
    </Link>
  );
}
