import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { changeProfile, getProfile, type Profile } from '../../api/fleet-profiles.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Bones } from '../../parts/states.tsx';
import { RowTime } from '../../parts/time.tsx';
import { CloneForm } from './clone-form.tsx';
import { DeleteForm, useDeleteProfile } from './delete-form.tsx';
import { ProfileAgents } from './profile-agents.tsx';
import { draftOf } from './profile-draft.ts';
import { ProfileActions } from './profile-row.tsx';
import { ProfileVersions } from './profile-versions.tsx';
import { RowNotices } from './row-notices.tsx';
import { tellProfile } from './tell-profile.ts';
import { useReadableSources } from './use-readable-sources.ts';
import './profiles.css';

const refreshMs = 5_000;

/** One profile: what it does, on which agents it is, and its versions. */
export function ProfilePage(): ReactNode {
  const { profileId } = useParams({ from: '/profiles/$profileId' });
  const profile = useQuery({
    queryKey: ['profile', profileId],
    queryFn: ({ signal }) => getProfile(profileId, signal),
    refetchInterval: refreshMs,
  });
  return (
    <div className="page fleet">
      <Loaded asked={profile} what="The profile cannot be shown" rows={8}>
        {(one) => <Shown profile={one} />}
      </Loaded>
    </div>
  );
}

function Shown({ profile }: { readonly profile: Profile }): ReactNode {
  const { id, version, content, notices, updatedAt } = profile;
  const { made } = useSearch({ from: '/profiles/$profileId' });
  const { zone } = usePreferences();
  const may = useMay('profiles:write');
  const mayAgents = useMay('agents:read');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isCloning, setCloning] = useState(false);
  const remove = useDeleteProfile(profile, () => void navigate({ to: '/profiles', search: {} }));
  const toggle = useMutation({
    mutationFn: () => changeProfile(id, version, { ...content, enabled: !content.enabled }),
    onSuccess: (next) => {
      client.setQueryData(['profile', id], next);
      void client.invalidateQueries({ queryKey: ['rollout', id] });
      void client.invalidateQueries({ queryKey: ['profile-versions', id] });
    },
  });
  return (
    <>
      <div className="page-head">
        <h1 className="wrap">
          <bdi>{showText(content.name)}</bdi>
        </h1>
        {content.isDefault && <span className="badge">default</span>}
        {!content.enabled && <span className="badge">switched off</span>}
        <span className="muted">
          version {version}, changed <RowTime time={updatedAt} zone={zone} />
        </span>
        <div className="actions">
          <ProfileActions
            profile={profile}
            may={may}
            isLong
            onToggle={() => toggle.mutate()}
            onClone={() => setCloning(true)}
            onDelete={() => remove.mutate(false)}
          />
          {may && (
            <Button
              renderRoot={(props: object) => (
                <Link {...props} to="/profiles/$profileId/edit" params={{ profileId: id }} search={{}} />
              )}
            >
              Edit
            </Button>
          )}
        </div>
      </div>
      {made === '1' && (
        <p role="status" className="made">
          ● It is saved. Agents that fit get it within seconds; you can watch it below.
        </p>
      )}
      {toggle.isSuccess && (
        <p role="status" className="muted">
          {content.enabled ? 'Enabled.' : 'Switched off.'}{' '}
          <button type="button" className="plain link" onClick={() => toggle.mutate()}>
            Undo
          </button>
        </p>
      )}
      <ProblemLine error={toggle.error} />
      {isCloning && (
        <div className="panel">
          <div className="body">
            <CloneForm profile={profile} onClose={() => setCloning(false)} />
          </div>
        </div>
      )}
      {!remove.isIdle && (
        <div className="panel">
          <div className="body">
            <DeleteForm profile={profile} remove={remove} />
          </div>
        </div>
      )}
      <section className="panel" aria-label="What it does">
        <header>
          <h2>What it does</h2>
          <span className="muted">priority {content.priority}</span>
        </header>
        <div className="body what">
          {content.description !== '' && (
            <p className="muted description">
              <bdi>{showText(content.description)}</bdi>
            </p>
          )}
          <WhatItDoes content={content} />
          <RowNotices notices={notices} />
        </div>
      </section>
      {mayAgents && <ProfileAgents profile={profile} />}
      <ProfileVersions profile={profile} />
    </>
  );
}

function WhatItDoes({ content }: { readonly content: Profile['content'] }): ReactNode {
  const { sources } = useReadableSources();
  if (sources === undefined) return <Bones rows={2} />;
  return (
    <p className="telling">
      <bdi>{showText(tellProfile(draftOf(content), sources, undefined).join(' '))}</bdi>
    </p>
  );
}
