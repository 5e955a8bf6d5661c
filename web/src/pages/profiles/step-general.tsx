import { Checkbox, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatCount } from '../../parts/format.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { nameLengthMax } from './check-draft.ts';
import type { StepProps } from './profile-steps.ts';

/** What a profile is called, whether it is used, and when it comes first. */
export function GeneralStep({ draft, onDraft, problemOf }: StepProps): ReactNode {
  const length = draft.name.trim().length;
  return (
    <>
      <TextInput
        label="Name"
        description={`${formatCount(length)} of ${nameLengthMax} characters`}
        autoComplete="off"
        autoFocus
        value={draft.name}
        error={problemOf('name')}
        onChange={(event) => onDraft({ name: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        description="For whoever reads it next: what it is for, whom to ask."
        rows={3}
        value={draft.description}
        error={problemOf('description')}
        onChange={(event) => onDraft({ description: event.currentTarget.value })}
      />
      <div>
        <div className="field-name">Platform</div>
        <div>
          Linux <span className="muted">(the one that agents run on)</span>
        </div>
      </div>
      <Checkbox
        label="Enabled"
        description="Agents it is for get it within seconds after it is saved."
        checked={draft.enabled}
        onChange={(event) => onDraft({ enabled: event.currentTarget.checked })}
      />
      <Checkbox
        label="Default"
        description="For hosts that no other profile fits. There is one at most: the one that was it no longer is."
        checked={draft.isDefault}
        onChange={(event) => onDraft({ isDefault: event.currentTarget.checked })}
      />
      <div className="narrow">
        <NumberField
          label="Priority"
          description="1 to 1,000. Of several profiles that fit a host, the lowest number counts."
          value={draft.priority}
          error={problemOf('priority')}
          onValue={(priority) => onDraft({ priority: priority ?? Number.NaN })}
        />
      </div>
    </>
  );
}
