import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { ProfileContent } from '../../api/fleet-profile-content.ts';
import { asProblem } from '../../api/problem.ts';
import { showText } from '../../parts/show-characters.ts';
import type { StepName } from './check-draft.ts';
import { type ProfileDraft, type ReadableSource, writeDraft } from './profile-draft.ts';
import { steps } from './profile-steps.ts';
import { AssetsStep } from './step-assets.tsx';
import { GeneralStep } from './step-general.tsx';
import { LimitsStep } from './step-limits.tsx';
import { ReviewStep, SaveProblem } from './step-review.tsx';
import { SourcesStep } from './step-sources.tsx';
import { tellProfile } from './tell-profile.ts';
import { type DraftJudgement, usePreview } from './use-preview.ts';
import './profile-form.css';

/** A profile, step by step: steps at the left, the form, and at the right what it will do. */
export function ProfileForm({
  id,
  draft,
  onDraft,
  sources,
  step,
  onStep,
  saveWord,
  isSaving,
  error,
  onSave,
}: {
  /** Of the profile that is changed; undefined for a new one. */
  readonly id: string | undefined;
  readonly draft: ProfileDraft;
  readonly onDraft: (draft: ProfileDraft) => void;
  readonly sources: readonly ReadableSource[];
  readonly step: StepName;
  readonly onStep: (step: StepName) => void;
  /** What the last button says. */
  readonly saveWord: string;
  readonly isSaving: boolean;
  readonly error: unknown;
  readonly onSave: (content: ProfileContent) => void;
}): ReactNode {
  const judged = usePreview(draft, id);
  const left = useLeftSteps(step);
  const at = steps.findIndex(([name]) => name === step);
  const next = steps[at + 1];
  const before = steps[at - 1];

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (next !== undefined) onStep(next[0]);
    else if (judged.problems.length === 0 && !isSaving) onSave(writeDraft(draft).content);
  }

  const told = judged.problems.filter((one) => one.missing !== true || left.has(one.step));
  const problemOf = (field: string): string | undefined => told.find((one) => one.field === field)?.sentence;
  const word = steps[at]?.[1] ?? '';
  return (
    <div className="profile-form">
      <nav aria-label="Steps">
        <ol>
          {steps.map(([name, shown], index) => (
            <li key={name}>
              <button
                type="button"
                className="plain"
                aria-current={name === step ? 'step' : undefined}
                onClick={() => onStep(name)}
              >
                <span className="number-mark" aria-hidden="true">
                  {told.some((one) => one.step === name) ? '▲' : index + 1}
                </span>
                {shown}
                {told.some((one) => one.step === name) && <span className="unseen">(something is wrong)</span>}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <form className="panel" aria-label={word} onSubmit={submit} noValidate>
        <header>
          <h2>{word}</h2>
        </header>
        <div className="body step" key={step}>
          <Step
            step={step}
            judged={judged}
            onStep={onStep}
            draft={draft}
            onDraft={(change) => onDraft({ ...draft, ...change })}
            sources={sources}
            problemOf={problemOf}
            noticesOf={judged.noticesOf}
          />
        </div>
        <footer>
          {before !== undefined && (
            <Button variant="default" onClick={() => onStep(before[0])}>
              Back
            </Button>
          )}
          {next === undefined ? (
            <Button key="save" type="submit" autoFocus loading={isSaving} disabled={judged.problems.length > 0}>
              {saveWord}
            </Button>
          ) : (
            <Button key="next" type="submit">
              Next: {next[1]}
            </Button>
          )}
          <SaveProblem error={error} />
        </footer>
      </form>
      <WhatItDoes draft={draft} sources={sources} judged={judged} />
    </div>
  );
}

function Step({
  step,
  judged,
  onStep,
  ...props
}: {
  readonly step: StepName;
  readonly judged: DraftJudgement;
  readonly onStep: (step: StepName) => void;
} & Parameters<typeof GeneralStep>[0]): ReactNode {
  if (step === 'general') return <GeneralStep {...props} />;
  if (step === 'sources') return <SourcesStep {...props} />;
  if (step === 'assets') return <AssetsStep {...props} preview={judged.preview} />;
  if (step === 'limits') return <LimitsStep {...props} />;
  return <ReviewStep draft={props.draft} problems={judged.problems} preview={judged.preview} onStep={onStep} />;
}

function WhatItDoes({
  draft,
  sources,
  judged,
}: {
  readonly draft: ProfileDraft;
  readonly sources: readonly ReadableSource[];
  readonly judged: DraftJudgement;
}): ReactNode {
  return (
    <aside className="panel" aria-label="What this will do">
      <header>
        <h2>What this will do</h2>
      </header>
      <div className="body">
        {tellProfile(draft, sources, judged.preview.data).map((sentence) => (
          <p key={sentence}>
            <bdi>{showText(sentence)}</bdi>
          </p>
        ))}
        {judged.preview.error !== null && (
          <p className="outcome-partial">
            Which hosts fit cannot be looked up: {asProblem(judged.preview.error).message}
          </p>
        )}
      </div>
    </aside>
  );
}

/** The steps somebody has been in and left: what is missing there was not only not written yet. */
function useLeftSteps(step: StepName): ReadonlySet<StepName> {
  const [left, setLeft] = useState<ReadonlySet<StepName>>(new Set());
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    const gone = before.current;
    before.current = step;
    setLeft((known) => new Set([...known, gone, ...(step === 'review' ? steps.map(([name]) => name) : [])]));
  }, [step]);
  return left;
}
