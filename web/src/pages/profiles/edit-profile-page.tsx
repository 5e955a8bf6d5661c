import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { changeProfile, getProfile, type Profile } from '../../api/fleet-profiles.ts';
import { asProblem } from '../../api/problem.ts';
import { useMay } from '../../parts/own-session.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { draftOf, type ReadableSource } from './profile-draft.ts';
import { ProfileForm } from './profile-form.tsx';
import { readStep } from './profile-steps.ts';
import { useReadableSources } from './use-readable-sources.ts';

/** Changes a profile: the same form, with what stands in it. */
export function EditProfilePage(): ReactNode {
  const { profileId } = useParams({ from: '/profiles/$profileId/edit' });
  const may = useMay('profiles:write');
  const { sources, error, retry } = useReadableSources();
  const profile = useQuery({
    queryKey: ['profile-to-edit', profileId],
    queryFn: ({ signal }) => getProfile(profileId, signal),
    // What somebody writes is not replaced under their hands: that another changed it is told when it is saved.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (!may) {
    return (
      <Empty title="Your role does not allow this page">
        <p>
          It needs <code>profiles:write</code>; an administrator can give you a role that has it.
        </p>
      </Empty>
    );
  }
  const failed = error ?? profile.error;
  if (failed !== null) {
    return (
      <Failure
        error={failed}
        what="The profile cannot be changed"
        retry={() => {
          retry();
          void profile.refetch();
        }}
      />
    );
  }
  if (sources === undefined || profile.data === undefined) return <Bones rows={8} />;
  return (
    <EditProfile
      key={profile.data.version}
      profile={profile.data}
      sources={sources}
      onNewest={() => void profile.refetch()}
    />
  );
}

function EditProfile({
  profile: { id, version, content },
  sources,
  onNewest,
}: {
  readonly profile: Profile;
  readonly sources: readonly ReadableSource[];
  readonly onNewest: () => void;
}): ReactNode {
  const search = useSearch({ from: '/profiles/$profileId/edit' });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(content));
  const save = useMutation({
    mutationFn: (next: Profile['content']) => changeProfile(id, version, next),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['profiles'] });
      await client.invalidateQueries({ queryKey: ['profile', id] });
      await navigate({ to: '/profiles/$profileId', params: { profileId: id }, search: {} });
    },
  });
  const isConflict = save.error !== null && asProblem(save.error).code === 'catalog-conflict';
  return (
    <div className="page">
      <div className="page-head">
        <h1>
          Edit <bdi>{showText(content.name)}</bdi>
        </h1>
        <span className="muted">version {version}</span>
        <div className="actions">
          <Button
            variant="default"
            renderRoot={(props: object) => (
              <Link {...props} to="/profiles/$profileId" params={{ profileId: id }} search={{}} />
            )}
          >
            Leave it as it is
          </Button>
        </div>
      </div>
      {isConflict && (
        <p className="notice" role="alert">
          Somebody else changed this profile while you did.{' '}
          <button type="button" className="plain link" onClick={onNewest}>
            Show the newest version
          </button>{' '}
          (what you wrote is lost), or look at it in another tab first.
        </p>
      )}
      <ProfileForm
        id={id}
        draft={draft}
        onDraft={setDraft}
        sources={sources}
        step={readStep(search['step'])}
        onStep={(step) =>
          void navigate({ to: '/profiles/$profileId/edit', params: { profileId: id }, search: { step } })
        }
        saveWord={`Save as version ${version + 1}`}
        isSaving={save.isPending}
        error={isConflict ? null : save.error}
        onSave={(next) => save.mutate(next)}
      />
    </div>
  );
}
