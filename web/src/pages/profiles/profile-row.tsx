import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { changeProfile, exportAddress, type Profile, type RolloutState } from '../../api/fleet-profiles.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';
import { CloneForm } from './clone-form.tsx';
import { DeleteForm, useDeleteProfile } from './delete-form.tsx';
import { RolloutNumbers } from './rollout-counts.tsx';

/** One profile, with what may be done about it. */
export function ProfileRow({
  profile,
  counts,
  areCounted,
  may,
}: {
  readonly profile: Profile;
  readonly counts: Readonly<Record<RolloutState, number>> | undefined;
  readonly areCounted: boolean;
  readonly may: boolean;
}): ReactNode {
  const { id, version, content, notices } = profile;
  const client = useQueryClient();
  const [isCloning, setCloning] = useState(false);
  const remove = useDeleteProfile(profile, () => undefined);
  const [before, setBefore] = useState<boolean>();
  const toggle = useMutation({
    mutationFn: (enabled: boolean) => changeProfile(id, version, { ...content, enabled }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ['profiles'] }), refreshFleet(client)]),
  });

  function change(enabled: boolean): void {
    setBefore(content.enabled);
    toggle.mutate(enabled);
  }

  const name = showText(content.name);
  const refused = notices.filter(({ weight }) => weight === 'refused').length;
  return (
    <tr className={content.enabled ? 'profile' : 'profile off'}>
      <td className="wrap">
        <Link to="/profiles/$profileId" params={{ profileId: id }} search={{}} data-row>
          <bdi>{name}</bdi>
        </Link>
        {content.isDefault && (
          <>
            {' '}
            <span className="badge">default</span>
          </>
        )}
        {!content.enabled && (
          <>
            {' '}
            <span className="badge">switched off</span>
          </>
        )}
        {content.description !== '' && (
          <div className="sub clamp">
            <bdi>{showText(content.description)}</bdi>
          </div>
        )}
        {refused > 0 && (
          <div className="sub outcome-denied">■ agents refuse it unless their configuration allows what it asks</div>
        )}
        {toggle.isSuccess && before !== undefined && before !== content.enabled && (
          <div role="status" className="sub">
            {content.enabled ? 'Enabled.' : 'Switched off; its agents follow the next one that fits, or stop reading.'}{' '}
            <button type="button" className="plain link" onClick={() => change(before)}>
              Undo
            </button>
          </div>
        )}
        <ProblemLine error={toggle.error} />
        {isCloning && <CloneForm profile={profile} onClose={() => setCloning(false)} />}
        <DeleteForm profile={profile} remove={remove} />
      </td>
      <td className="number">{content.priority}</td>
      <td>
        <Reads content={content} />
      </td>
      <td>{areCounted ? <RolloutNumbers counts={counts} /> : ''}</td>
      <td className="number">{version}</td>
      <td className="end">
        <ProfileActions
          profile={profile}
          may={may}
          onToggle={() => change(!content.enabled)}
          onClone={() => setCloning(true)}
          onDelete={() => remove.mutate(false)}
        />
      </td>
    </tr>
  );
}

function refreshFleet(client: ReturnType<typeof useQueryClient>): Promise<void> {
  return client.invalidateQueries({ queryKey: ['agents', 'summary'] });
}

/** Sources and ports of a profile, in a few words. */
function Reads({ content: { profile } }: { readonly content: Profile['content'] }): ReactNode {
  const { sources, collectors } = profile;
  if (sources.length === 0 && collectors.length === 0) return <span className="muted">nothing</span>;
  const names = [...new Set(sources.map(({ source }) => source))];
  return (
    <>
      {names.map((name) => {
        const logs = new Set(sources.filter(({ source }) => source === name).flatMap((one) => one.logs));
        return (
          <div key={name}>
            {name} <span className="muted">{[...logs].join(', ')}</span>
          </div>
        );
      })}
      {collectors.length > 0 && (
        <div className="muted">receives at {collectors.map((one) => one.listen).join(', ')}</div>
      )}
    </>
  );
}

/** What may be done about a profile. */
export function ProfileActions({
  profile: { id, content },
  may,
  isLong = false,
  onToggle,
  onClone,
  onDelete,
}: {
  readonly profile: Profile;
  readonly may: boolean;
  /** True where the button to change it stands beside. */
  readonly isLong?: boolean;
  readonly onToggle: () => void;
  readonly onClone: () => void;
  readonly onDelete: () => void;
}): ReactNode {
  const navigate = useNavigate();
  // What was chosen may open a field, which then has the focus; else the button that opened the menu has it again.
  const [opensField, setOpensField] = useState(false);
  return (
    <Menu
      position="bottom-end"
      transitionProps={{ duration: 0 }}
      returnFocus={!opensField}
      onOpen={() => setOpensField(false)}
    >
      <Menu.Target>
        <Button
          size={isLong ? 'sm' : 'compact-sm'}
          variant="default"
          aria-label={`Actions for ${showText(content.name)}`}
        >
          Actions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {may && !isLong && (
          <Menu.Item
            onClick={() => void navigate({ to: '/profiles/$profileId/edit', params: { profileId: id }, search: {} })}
          >
            Edit
          </Menu.Item>
        )}
        {may && <Menu.Item onClick={onToggle}>{content.enabled ? 'Switch off' : 'Enable'}</Menu.Item>}
        {may && (
          <Menu.Item
            onClick={() => {
              setOpensField(true);
              onClone();
            }}
          >
            Clone…
          </Menu.Item>
        )}
        <Menu.Item component="a" href={exportAddress(id)} download>
          Export as YAML
        </Menu.Item>
        {may && <Menu.Divider />}
        {may && <Menu.Item onClick={onDelete}>Delete…</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
