import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ProfilePreview } from '../../api/fleet-profiles.ts';
import { asProblem } from '../../api/problem.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { type Asked, Loaded } from '../../parts/loaded.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';
import type { DraftProblem, StepName } from './check-draft.ts';
import type { ProfileDraft } from './profile-draft.ts';
import { steps } from './profile-steps.ts';
import { RowNotices } from './row-notices.tsx';

/** The whole profile as YAML, what it meets, and what is still wrong. */
export function ReviewStep({
  draft,
  problems,
  preview,
  onStep,
}: {
  readonly draft: ProfileDraft;
  readonly problems: readonly DraftProblem[];
  readonly preview: Asked<ProfilePreview>;
  readonly onStep: (step: StepName) => void;
}): ReactNode {
  if (problems.length > 0) {
    return (
      <div role="alert">
        <p>Before it can be saved:</p>
        <ul className="todo">
          {problems.map(({ step, field, sentence }) => (
            <li key={`${step} ${field} ${sentence}`}>
              <button type="button" className="plain link" onClick={() => onStep(step)}>
                {steps.find(([name]) => name === step)?.[1]}
              </button>
              : {sentence}
            </li>
          ))}
        </ul>
      </div>
    );
  }
  return (
    <Loaded asked={preview} what="The profile cannot be judged" rows={6}>
      {(known) => <Judged preview={known} priority={draft.priority} />}
    </Loaded>
  );
}

function Judged({
  preview: { notices, overlaps, yaml },
  priority: own,
}: {
  readonly preview: ProfilePreview;
  readonly priority: number;
}): ReactNode {
  return (
    <>
      {notices.length > 0 && (
        <section aria-label="What stands out">
          <h3>What stands out</h3>
          <RowNotices notices={notices} />
          {notices.some(({ weight }) => weight === 'refused') && (
            <p className="muted">
              It can be saved as it is; an agent refuses it as a whole unless its own configuration allows this.
            </p>
          )}
        </section>
      )}
      {overlaps.length > 0 && (
        <section aria-label="Overlaps">
          <h3>Some of its hosts fit other profiles, too</h3>
          <ul className="todo">
            {overlaps.map(({ profileId, name, priority, first }) => (
              <li key={profileId}>
                <Link to="/profiles/$profileId" params={{ profileId }}>
                  <bdi>{showText(name)}</bdi>
                </Link>{' '}
                <span className="muted">
                  (priority {priority}) {first ? 'comes first' : `comes after this one (${own})`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="The profile as YAML">
        <h3>The profile</h3>
        <pre className="yaml" tabIndex={0}>
          <YamlLines text={yaml} />
        </pre>
        <p className="muted">It is signed for each agent when it is sent to it.</p>
      </section>
    </>
  );
}

function YamlLines({ text }: { readonly text: string }): ReactNode {
  return text
    .trimEnd()
    .split('\n')
    .map((line, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a line is where it is
      <div key={at}>
        <InertText text={line === '' ? ' ' : line} />
      </div>
    ));
}

/** Why a profile could not be saved, and where in the form that is. */
export function SaveProblem({ error }: { readonly error: unknown }): ReactNode {
  if (error === null || error === undefined) return null;
  const { message, place } = asProblem(error);
  return (
    <ProblemLine error={error}>
      {place?.field !== undefined && !message.includes(place.field) && <code> {place.field}</code>}
    </ProblemLine>
  );
}
