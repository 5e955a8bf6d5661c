import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty, Failure } from '../parts/states.tsx';

/** There is no such page. */
export function NotFound(): ReactNode {
  return (
    <Empty title="There is no page at this address">
      <p>
        Go to the <Link to="/">overview</Link> or <Link to="/hunt">hunt</Link>.
      </p>
    </Empty>
  );
}

/** The page is there, but not for this role. */
export function NotAllowed({ needs }: { readonly needs: string }): ReactNode {
  return (
    <Empty title="Your role does not allow this page">
      <p>
        It needs <code>{needs}</code>; an administrator can give you a role that has it.
      </p>
    </Empty>
  );
}

/** A page broke, or its code could not be fetched. */
export function PageFailure({ error }: ErrorComponentProps): ReactNode {
  return <Failure error={error} what="This page cannot be shown" retry={() => window.location.reload()} />;
}
