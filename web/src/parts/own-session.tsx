import { createContext, type ReactNode, useContext } from 'react';
import type { OwnSession } from '../api/session.ts';

const Own = createContext<OwnSession | undefined>(undefined);

/** Tells all below who is signed in. */
export function OwnSessionProvider({
  session,
  children,
}: {
  readonly session: OwnSession;
  readonly children: ReactNode;
}): ReactNode {
  return <Own value={session}>{children}</Own>;
}

/** Who is signed in; only below {@link OwnSessionProvider}. */
export function useOwnSession(): OwnSession {
  const session = useContext(Own);
  if (session === undefined) throw new Error('nobody is signed in');
  return session;
}

/** Whether the one who is signed in may do something. The server decides; this only spares a refusal. */
export function useMay(permission: string): boolean {
  return useOwnSession().permissions.includes(permission);
}
