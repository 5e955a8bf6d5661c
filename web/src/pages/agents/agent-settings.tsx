import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type DetailedAgent, pinProfile, setAgentTags } from '../../api/fleet-agents.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { ProfileSelect } from '../../parts/profile-select.tsx';
import { showText } from '../../parts/show-characters.ts';
import { WordList } from '../../parts/word-list.tsx';
import { tagForm, tagWords } from '../../parts/words.ts';
import { fitWords } from '../profiles/fit-words.ts';

/** What may be set about an agent: its tags, and a profile given by hand. */
export function AgentSettings({ agent }: { readonly agent: DetailedAgent }): ReactNode {
  return (
    <section className="panel" aria-label="Settings">
      <header>
        <h2>Tags and profile</h2>
      </header>
      <div className="body agent-columns">
        <Tags agent={agent} />
        <Pin agent={agent} />
      </div>
    </section>
  );
}

function Tags({ agent: { id, givenTags, ownTags } }: { readonly agent: DetailedAgent }): ReactNode {
  const client = useQueryClient();
  const [before, setBefore] = useState<readonly string[]>();
  const save = useMutation({
    mutationFn: (tags: readonly string[]) => setAgentTags(id, tags),
    onSuccess: () => client.invalidateQueries({ queryKey: ['agents'] }),
  });

  function change(tags: readonly string[]): void {
    setBefore(givenTags);
    save.mutate(tags);
  }

  return (
    <div className="agent-settings">
      <WordList
        label="Tags given here"
        description="Each change counts at once: tags decide on the profile."
        words={save.isPending ? save.variables : givenTags}
        form={tagForm}
        wrong={tagWords}
        onWords={change}
      />
      {ownTags.length > 0 && (
        <p className="muted">From its own configuration, and changed only there: {ownTags.join(', ')}</p>
      )}
      <p role="status" className="muted">
        {save.isSuccess && before !== undefined && (
          <>
            Saved.{' '}
            <button
              type="button"
              className="plain link"
              onClick={() => {
                save.mutate(before);
                setBefore(undefined);
              }}
            >
              Undo
            </button>
          </>
        )}
      </p>
      <ProblemLine error={save.error} />
    </div>
  );
}

function Pin({
  agent: { id, pinnedProfileId, pinnedProfileName, fits },
}: {
  readonly agent: DetailedAgent;
}): ReactNode {
  const client = useQueryClient();
  const given =
    pinnedProfileId === undefined ? undefined : { id: pinnedProfileId, name: pinnedProfileName ?? pinnedProfileId };
  const [chosen, setChosen] = useState(pinnedProfileId ?? '');
  const save = useMutation({
    mutationFn: () => pinProfile(id, chosen === '' ? null : chosen),
    onSuccess: () => client.invalidateQueries({ queryKey: ['agents'] }),
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate();
  }

  return (
    <form className="agent-settings" aria-label="Profile" onSubmit={submit}>
      <div className="line">
        <ProfileSelect
          description="One given by hand wins over tags, names and priorities."
          value={chosen}
          given={given}
          onProfile={setChosen}
        />
        {chosen !== (pinnedProfileId ?? '') && (
          <Button type="submit" loading={save.isPending}>
            {chosen === '' ? 'Let tags decide' : 'Give this profile'}
          </Button>
        )}
      </div>
      <ProblemLine error={save.error} />
      {fits.length === 0 ? (
        <p className="muted">No profile fits it: it reads nothing.</p>
      ) : (
        <div>
          <p className="muted">What fits, the one it gets first:</p>
          <ol className="todo">
            {fits.map((fit) => (
              <li key={fit.profileId}>
                <bdi>{showText(fit.name)}</bdi>{' '}
                <span className="muted">
                  {fitWords(fit)}, priority {fit.priority}
                </span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </form>
  );
}
