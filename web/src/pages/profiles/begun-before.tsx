import type { ReactNode } from 'react';

/** Says that what stands in a form was begun before, and lets one begin anew. */
export function BegunBefore({ onDiscard }: { readonly onDiscard: () => void }): ReactNode {
  return (
    <p className="muted" role="status">
      This is what you began before.{' '}
      <button type="button" className="plain link" onClick={onDiscard}>
        Begin anew
      </button>
    </p>
  );
}
