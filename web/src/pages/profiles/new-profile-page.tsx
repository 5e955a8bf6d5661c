import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { makeProfile } from '../../api/fleet-profiles.ts';
import { useMay, useOwnSession } from '../../parts/own-session.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { emptyDraft, type ProfileDraft, type ReadableSource } from './profile-draft.ts';
import { ProfileForm } from './profile-form.tsx';
import { readStep } from './profile-steps.ts';
import { useReadableSources } from './use-readable-sources.ts';

/** What was written and not saved: it is there again when somebody looks at another page and comes back. */
let kept: { readonly owner: string; readonly draft: ProfileDraft } | undefined;

/** Makes a profile. */
export function NewProfilePage(): ReactNode {
  const may = useMay('profiles:write');
  const { sources, error, retry } = useReadableSources();
  return (
    <div className="page">
      <div className="page-head">
        <h1>New profile</h1>
      </div>
      {!may ? (
        <Empty title="Your role does not allow this page">
          <p>
            It needs <code>profiles:write</code>; an administrator can give you a role that has it.
          </p>
        </Empty>
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
  const { id: owner } = useOwnSession();
  const [found, setFound] = useState(() => (kept?.owner === owner ? kept.draft : undefined));
  const [draft, setDraft] = useState(() => found ?? emptyDraft(sources));
  const [round, setRound] = useState(0);
  const make = useMutation({
    mutationFn: makeProfile,
    onSuccess: async ({ id }) => {
      kept = undefined;
      await client.invalidateQueries({ queryKey: ['profiles'] });
      await navigate({ to: '/profiles/$profileId', params: { profileId: id }, search: { made: '1' } });
    },
  });

  function change(next: ProfileDraft): void {
    kept = { owner, draft: next };
    setDraft(next);
  }

  return (
    <>
      {found !== undefined && (
        <p className="muted" role="status">
          This is what you began before.{' '}
          <button
            type="button"
            className="plain link"
            onClick={() => {
              kept = undefined;
              setDraft(emptyDraft(sources));
              setFound(undefined);
              setRound(round + 1);
              void navigate({ to: '/profiles/new', search: {} });
            }}
          >
            Begin anew
          </button>
        </p>
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
