import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import {
  changeUser,
  endSessionsOf,
  inviteAgain,
  removeSecondFactorOf,
  removeUser,
  type User,
} from '../../api/people.ts';
import { useOwnSession } from '../../parts/own-session.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { RowTime } from '../../parts/time.tsx';
import { RoleSelect } from './role-select.tsx';
import type { ShownLink } from './shown-link.ts';

/** One user, with what may be done about them. */
export function UserRow({
  user,
  may,
  onLink,
}: {
  readonly user: User;
  readonly may: boolean;
  readonly onLink: (link: ShownLink) => void;
}): ReactNode {
  const { zone } = usePreferences();
  const { id: ownId } = useOwnSession();
  const client = useQueryClient();
  const [said, setSaid] = useState<ReactNode>();
  const [isLeaving, setLeaving] = useState(false);
  const work = useMutation({
    mutationFn: (step: () => Promise<ReactNode>) => step(),
    onSuccess: async (words) => {
      setSaid(words);
      await client.invalidateQueries({ queryKey: ['users'] });
    },
    onError: () => setSaid(undefined),
  });

  /** Changes the user, and offers to take it back. */
  function change(next: { role?: string; enabled?: boolean }, back: typeof next, words: string): void {
    work.mutate(async () => {
      await changeUser(user.id, next);
      const undo = (): void => work.mutate(() => changeUser(user.id, back).then(() => 'Taken back.'));
      return (
        <>
          {words}{' '}
          <button type="button" className="plain link" onClick={undo}>
            Undo
          </button>
        </>
      );
    });
  }

  return (
    <tr className={user.enabled ? 'person' : 'person locked'}>
      <td>
        <bdi>{user.name}</bdi> {user.id === ownId && <span className="muted">(you)</span>}
        {user.displayName !== user.name && (
          <div className="sub">
            <bdi>{user.displayName}</bdi>
          </div>
        )}
        {!user.enabled && <div className="sub">locked out</div>}
        <div role="status" className="sub">
          {said}
        </div>
        <ProblemLine error={work.error} />
      </td>
      <td>
        <RoleSelect
          label={`Role of ${user.name}`}
          hidden
          value={user.role}
          disabled={!may || user.issuer !== undefined}
          onRole={(role) => change({ role }, { role: user.role }, `Is ${role} now.`)}
        />
      </td>
      <td>{waysOf(user)}</td>
      <td>{user.lastSignIn === undefined ? 'never' : <RowTime time={user.lastSignIn} zone={zone} />}</td>
      <td>
        {may &&
          (isLeaving ? (
            <div className="line">
              <Button
                size="compact-sm"
                color="red"
                loading={work.isPending}
                onClick={() => work.mutate(() => removeUser(user.id).then(() => undefined))}
              >
                Remove {user.name}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => setLeaving(false)}>
                Keep
              </Button>
            </div>
          ) : (
            <Actions
              user={user}
              onLock={() =>
                change(
                  { enabled: !user.enabled },
                  { enabled: user.enabled },
                  user.enabled ? 'Locked out; all sessions have ended.' : 'May sign in again.',
                )
              }
              onWork={(step) => work.mutate(step)}
              onLink={onLink}
              onRemove={() => setLeaving(true)}
            />
          ))}
      </td>
    </tr>
  );
}

function Actions({
  user,
  onLock,
  onWork,
  onLink,
  onRemove,
}: {
  readonly user: User;
  readonly onLock: () => void;
  readonly onWork: (step: () => Promise<ReactNode>) => void;
  readonly onLink: (link: ShownLink) => void;
  readonly onRemove: () => void;
}): ReactNode {
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" aria-label={`Actions for ${user.name}`}>
          Actions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onLock}>{user.enabled ? 'Lock out' : 'Let in again'}</Menu.Item>
        <Menu.Item onClick={() => onWork(() => endSessionsOf(user.id).then(() => 'All sessions have ended.'))}>
          End all sessions
        </Menu.Item>
        {user.issuer === undefined && (
          <Menu.Item
            onClick={() =>
              onWork(async () => {
                const { link } = await inviteAgain(user.id);
                onLink({ name: user.name, link });
                return undefined;
              })
            }
          >
            New link to choose a password
          </Menu.Item>
        )}
        {user.hasSecondFactor && (
          <Menu.Item
            onClick={() => onWork(() => removeSecondFactorOf(user.id).then(() => 'The second factor is removed.'))}
          >
            Remove second factor
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item onClick={onRemove}>Remove…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function waysOf({ issuer, hasPassword, hasSecondFactor }: User): string {
  if (issuer !== undefined) return `provider ${issuer}`;
  if (!hasPassword) return 'nothing yet: the link is not used';
  return hasSecondFactor ? 'password and code' : 'password';
}
