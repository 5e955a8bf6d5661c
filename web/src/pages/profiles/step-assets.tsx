import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { getFleetSummary } from '../../api/fleet-agents.ts';
import type { ProfilePreview } from '../../api/fleet-profiles.ts';
import { countOf, formatCount } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { type Asked, Loaded } from '../../parts/loaded.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { showText } from '../../parts/show-characters.ts';
import { WordList } from '../../parts/word-list.tsx';
import { hostForm, hostWords, tagForm, tagWords } from '../../parts/words.ts';
import { fitWords } from './fit-words.ts';
import type { StepProps } from './profile-steps.ts';

const hostsMax = 1_000;
const shownMax = 50;

/** Which hosts a profile is for, and which those are now. */
export function AssetsStep({
  draft,
  onDraft,
  preview,
}: StepProps & { readonly preview: Asked<ProfilePreview> }): ReactNode {
  const may = useMay('agents:read');
  const summary = useQuery({
    queryKey: ['agents', 'summary'],
    queryFn: ({ signal }) => getFleetSummary(signal),
    enabled: may,
  });
  const tags = summary.data?.tags.map(({ tag }) => tag) ?? [];
  const words = { form: tagForm, wrong: tagWords, suggestions: tags };
  const names = { form: hostForm, wrong: hostWords, max: hostsMax };
  return (
    <>
      <p className="muted">
        A host fits with any of the tags or names. Tags come with the enrollment token, the agent’s own configuration,
        or from its page here.
      </p>
      <div className="pair">
        <WordList
          label="Hosts tagged"
          description="Enter adds a tag."
          autoFocus
          words={draft.tags}
          onWords={(next) => onDraft({ tags: next })}
          {...words}
        />
        <WordList
          label="But not those tagged"
          description="Wins over all others."
          words={draft.excludeTags}
          onWords={(next) => onDraft({ excludeTags: next })}
          {...words}
        />
      </div>
      <div className="pair">
        <WordList
          label="Hosts named"
          description="* stands for any characters: ldap*.example.com"
          words={draft.hosts}
          onWords={(next) => onDraft({ hosts: next })}
          {...names}
        />
        <WordList
          label="But not those named"
          description="Wins over all others."
          words={draft.excludeHosts}
          onWords={(next) => onDraft({ excludeHosts: next })}
          {...names}
        />
      </div>
      <h3>Hosts that fit now</h3>
      <Loaded asked={preview} what="Which hosts fit cannot be looked up" rows={3}>
        {(known) => <MatchingHosts preview={known} enabled={draft.enabled} />}
      </Loaded>
    </>
  );
}

function MatchingHosts({
  preview: { agents, total, gets },
  enabled,
}: {
  readonly preview: ProfilePreview;
  readonly enabled: boolean;
}): ReactNode {
  if (!enabled)
    return <p className="muted">The profile is switched off, so it is for nobody. Enable it under General.</p>;
  if (total === 0) {
    return <p className="muted">None yet. An agent that is enrolled later and fits gets the profile by itself.</p>;
  }
  return (
    <>
      <p role="status" className="muted">
        {countOf(total, 'host fits', 'hosts fit')}
        {gets === total ? ' and gets it.' : `; ${gets === 0 ? 'none' : formatCount(gets)} of them gets it.`}
      </p>
      <div className="scroll-x">
        <table className="plain-table tight hosts">
          <thead>
            <tr>
              <th>Host</th>
              <th>Fits by</th>
              <th>Gets</th>
            </tr>
          </thead>
          <tbody>
            {agents.slice(0, shownMax).map(({ agentId, name, gets: isFirst, fits, state }) => {
              const [first] = fits;
              const own = isFirst ? first : fits.find(({ profileId }) => profileId === 'draft');
              return (
                <tr key={agentId}>
                  <td>
                    <InertText text={name} />
                    {state === 'active' ? '' : <span className="muted"> {state}</span>}
                  </td>
                  <td>{own === undefined ? '' : <bdi>{showText(fitWords(own))}</bdi>}</td>
                  <td>
                    {isFirst ? (
                      <span className="outcome-success">● this profile</span>
                    ) : (
                      <>
                        <bdi>{showText(first?.name ?? '')}</bdi>{' '}
                        <span className="muted">
                          {first === undefined ? '' : `(${fitWords(first)}, priority ${first.priority})`}
                        </span>
                      </>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {total > shownMax && <p className="muted">And {countOf(total - shownMax, 'more host', 'more hosts')}.</p>}
    </>
  );
}
