import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { getAccount, getRoles } from '../../api/people.ts';
import { useOwnSession } from '../../parts/own-session.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { OwnTokens } from './own-tokens.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { SecondFactorPanel } from './second-factor-panel.tsx';
import '../people.css';

/** Id of those who signed in with the access token: they are no person. */
const accessToken = 'access-token';

/** One's own account: password, second factor, sessions, API tokens. */
export function AccountPage(): ReactNode {
  const { id, displayName, name, role } = useOwnSession();
  const isPerson = id !== accessToken;
  return (
    <div className="page people">
      <div className="page-head">
        <h1>Account</h1>
      </div>
      <p className="page-lead">
        {isPerson ? (
          <>
            You are <bdi>{displayName}</bdi>, signed in as <bdi>{name}</bdi>; your role is {role}.
          </>
        ) : (
          'You signed in with the access token. It may do everything, and is nobody in particular: make a user for each person.'
        )}
      </p>
      {isPerson && <PersonPanels />}
      <OwnSessions />
      <OwnTokens />
      <Permissions />
    </div>
  );
}

function PersonPanels(): ReactNode {
  const account = useQuery({ queryKey: ['account'], queryFn: ({ signal }) => getAccount(signal) });
  if (account.error !== null) {
    return <Failure error={account.error} what="Your account cannot be shown" retry={() => void account.refetch()} />;
  }
  if (account.data === undefined) return <Bones rows={4} />;
  const { user, recoveryCodesLeft } = account.data;
  if (!user.hasPassword) {
    return <p className="notice">You sign in at a provider of identities; it keeps your password and second factor.</p>;
  }
  return (
    <>
      <PasswordPanel name={user.name} />
      <SecondFactorPanel has={user.hasSecondFactor} codesLeft={recoveryCodesLeft} />
    </>
  );
}

function Permissions(): ReactNode {
  const { permissions } = useOwnSession();
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => getRoles(signal) });
  const mine = roles.data?.permissions.filter(({ permission }) => permissions.includes(permission)) ?? [];
  return (
    <section className="panel" aria-label="What you may do">
      <header>
        <h2>What you may do</h2>
      </header>
      {roles.error !== null ? (
        <Failure error={roles.error} what="It cannot be shown" retry={() => void roles.refetch()} />
      ) : roles.data === undefined ? (
        <Bones rows={6} />
      ) : (
        <table className="plain-table">
          <tbody>
            {mine.map(({ permission, about }) => (
              <tr key={permission}>
                <td className="mono">{permission}</td>
                <td>{about}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
