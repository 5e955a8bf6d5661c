import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Token } from '../api/people.ts';
import { usePreferences } from '../parts/preferences.tsx';
import { RowTime } from '../parts/time.tsx';

/** API tokens, with what takes them back. */
export function TokenTable({
  tokens,
  owners,
  onRevoke,
}: {
  readonly tokens: readonly Token[];
  /** Names by id of user, where tokens of several people stand together. */
  readonly owners?: ReadonlyMap<string, string>;
  readonly onRevoke: (id: string) => void;
}): ReactNode {
  const { zone } = usePreferences();
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th>For</th>
            {owners !== undefined && <th>Of</th>}
            <th>May do</th>
            <th>Last used</th>
            <th>Ends</th>
            <th>
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id} className={token.state === 'usable' ? 'person' : 'person locked'}>
              <td>
                <bdi>{token.name}</bdi>
              </td>
              {owners !== undefined && <td>{owners.get(token.userId) ?? token.userId}</td>}
              <td className="mono wrap">{token.scopes.join(', ')}</td>
              <td>{token.lastUsed === undefined ? 'never' : <RowTime time={token.lastUsed} zone={zone} />}</td>
              <td>
                {token.state === 'revoked' ? 'revoked' : <RowTime time={token.expiresAt} zone={zone} />}
                {token.state === 'expired' && ' (past)'}
              </td>
              <td>
                {token.state === 'usable' && (
                  <Button size="compact-sm" variant="default" onClick={() => onRevoke(token.id)}>
                    Revoke
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
