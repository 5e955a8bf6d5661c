import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { changeProfile, getProfile, type Profile } from '../../api/fleet-profiles.ts';
import { asProblem } from '../../api/problem.ts';
import { NotAllowed } from '../../frame/page-states.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Bones, Failure } from '../../parts/states.tsx';
import { BegunBefore } from './begun-before.tsx';
import { draftOf, type ReadableSource } from './profile-draft.ts';
import { ProfileForm } from './profile-form.tsx';
import { readStep } from './profile-steps.ts';
import { useKeptDraft } from './use-kept-draft.ts';
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
    return <NotAllowed needs="profiles:write" />;
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
  const [round, setRound] = useState(0);
  const {
    draft,
    based = version,
    isOld,
    change,
    discard,
    forget,
  } = useKeptDraft(`profile ${id}`, () => draftOf(content), version);
  const save = useMutation({
    mutationFn: (next: Profile['content']) => changeProfile(id, based, next),
    onSuccess: async () => {
      forget();
      await client.invalidateQueries({ queryKey: ['profiles'] });
      await client.invalidateQueries({ queryKey: ['profile', id] });
      await navigate({ to: '/profiles/$profileId', params: { profileId: id }, search: {} });
    },
  });

  function beginAnew(): void {
    discard();
    setRound(round + 1);
    save.reset();
  }

  const isConflict = save.error !== null && asProblem(save.error).code === 'catalog-conflict';
  return (
    <div className="page fleet">
      <div className="page-head">
        <h1>
          Edit <bdi>{showText(content.name)}</bdi>
        </h1>
        <span className="muted">version {based}</span>
        <div className="actions">
          <Button
            variant="default"
            renderRoot={(props: object) => (
              <Link {...props} to="/profiles/$profileId" params={{ profileId: id }} search={{}} onClick={forget} />
            )}
          >
            Leave it as it is
          </Button>
        </div>
      </div>
      {isConflict && (
        <p className="notice" role="alert">
          Somebody else changed this profile while you did.{' '}
          <button
            type="button"
            className="plain link"
            onClick={() => {
              beginAnew();
              onNewest();
            }}
          >
            Show the newest version
          </button>{' '}
          (what you wrote is lost), or look at it in another tab first.
        </p>
      )}
      {isOld && !isConflict && <BegunBefore onDiscard={beginAnew} />}
      <ProfileForm
        key={round}
        id={id}
        draft={draft}
        onDraft={change}
        sources={sources}
        step={readStep(search['step'])}
        onStep={(step) =>
          void navigate({ to: '/profiles/$profileId/edit', params: { profileId: id }, search: { step } })
        }
        saveWord={`Save as version ${based + 1}`}
        isSaving={save.isPending}
        error={isConflict ? null : save.error}
        onSave={(next) => save.mutate(next)}
      />
    </div>
  );
}
