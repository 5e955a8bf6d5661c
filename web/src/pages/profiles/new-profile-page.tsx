import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { makeProfile } from '../../api/fleet-profiles.ts';
import { NotAllowed } from '../../frame/page-states.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import { BegunBefore } from './begun-before.tsx';
import { emptyDraft, type ReadableSource } from './profile-draft.ts';
import { ProfileForm } from './profile-form.tsx';
import { readStep } from './profile-steps.ts';
import { useKeptDraft } from './use-kept-draft.ts';
import { useReadableSources } from './use-readable-sources.ts';

/** Makes a profile. */
export function NewProfilePage(): ReactNode {
  const may = useMay('profiles:write');
  const { sources, error, retry } = useReadableSources();
  return (
    <div className="page fleet">
      <div className="page-head">
        <h1>New profile</h1>
      </div>
      {!may ? (
        <NotAllowed needs="profiles:write" />
      ) : error !== null ? (
        <Failure error={error} what="The data sources cannot be shown" retry={retry} />
      ) : sources === undefined ? (
        <Bones rows={8} />
      ) : (
        <NewProfile sources={sources} />
      )}
    </div>
  );
}

function NewProfile({ sources }: { readonly sources: readonly ReadableSource[] }): ReactNode {
  const search = useSearch({ from: '/profiles/new' });
  const navigate = useNavigate();
  const client = useQueryClient();
  const { draft, isOld, change, discard, forget } = useKeptDraft('profile new', () => emptyDraft(sources));
  const [round, setRound] = useState(0);
  const make = useMutation({
    mutationFn: makeProfile,
    onSuccess: async ({ id }) => {
      forget();
      await client.invalidateQueries({ queryKey: ['profiles'] });
      await navigate({ to: '/profiles/$profileId', params: { profileId: id }, search: { made: '1' } });
    },
  });

  return (
    <>
      {isOld && (
        <BegunBefore
          onDiscard={() => {
            discard();
            setRound(round + 1);
            void navigate({ to: '/profiles/new', search: {} });
          }}
        />
      )}
      <ProfileForm
        key={round}
        id={undefined}
        draft={draft}
        onDraft={change}
        sources={sources}
        step={readStep(search['step'])}
        onStep={(step) => void navigate({ to: '/profiles/new', search: { step } })}
        saveWord="Create profile"
        isSaving={make.isPending}
        error={make.error}
        onSave={(content) => make.mutate(content)}
      />
    </>
  );
}
