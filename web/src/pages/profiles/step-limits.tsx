import { Button, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ProfileLimits } from '../../api/fleet-profile-content.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { limitRanges } from './check-draft.ts';
import { type DraftBlackout, newBlackout, weekdays } from './profile-draft.ts';
import { changeRow, type StepProps } from './profile-steps.ts';
import { FieldProblem } from './source-fields.tsx';
import { dayNames } from './tell-profile.ts';
import { ZoneField } from './zone-field.tsx';

const blackoutsMax = 64;

const fields: readonly {
  readonly field: Exclude<keyof ProfileLimits, 'linesPerSecond'>;
  readonly label: string;
  readonly about: string;
}[] = [
  { field: 'batchRecords', label: 'Records of a batch', about: 'It is sent when it is full.' },
  { field: 'batchBytes', label: 'Size of a batch (KiB)', about: 'Before compression.' },
  { field: 'intervalMs', label: 'Longest wait (ms)', about: 'After it a batch is sent, full or not.' },
  { field: 'spoolBytes', label: 'Spool (MiB)', about: 'Kept on the host while the server is away.' },
  { field: 'spoolAgeHours', label: 'Spool (hours)', about: 'Older than that, reading stops and waits.' },
];

/** What an agent may use, and when it rests. */
export function LimitsStep({ draft, onDraft, problemOf }: StepProps): ReactNode {
  const { limits } = draft;
  return (
    <>
      <div className="fields">
        {fields.map(({ field, label, about }) => (
          <NumberField
            key={field}
            label={label}
            description={about}
            value={limits[field]}
            of={limitRanges[field].of}
            error={problemOf(field)}
            onValue={(value) => onDraft({ limits: { ...limits, [field]: value ?? Number.NaN } })}
          />
        ))}
        <NumberField
          label="Lines a second"
          description="Empty: as fast as they come."
          value={limits.linesPerSecond}
          nothing="without a limit"
          error={problemOf('linesPerSecond')}
          onValue={(linesPerSecond) => onDraft({ limits: { ...limits, linesPerSecond } })}
        />
      </div>
      <h3>Times of rest</h3>
      <p className="muted">In these times nothing is read; what is logged meanwhile is read afterwards.</p>
      {draft.blackouts.map((blackout, at) => (
        <BlackoutFields
          key={blackout.row}
          number={at + 1}
          blackout={blackout}
          problemOf={problemOf}
          onBlackout={(next) => onDraft({ blackouts: changeRow(draft.blackouts, blackout.row, next) })}
          onRemove={() => onDraft({ blackouts: draft.blackouts.filter((one) => one !== blackout) })}
        />
      ))}
      {draft.blackouts.length < blackoutsMax && (
        <div>
          <Button
            variant="default"
            size="xs"
            onClick={() => onDraft({ blackouts: [...draft.blackouts, newBlackout()] })}
          >
            Add a time of rest
          </Button>
        </div>
      )}
    </>
  );
}

function BlackoutFields({
  number,
  blackout,
  problemOf,
  onBlackout,
  onRemove,
}: Pick<StepProps, 'problemOf'> & {
  readonly number: number;
  readonly blackout: DraftBlackout;
  readonly onBlackout: (blackout: DraftBlackout) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { row, days } = blackout;
  return (
    <section className="part" aria-label={`Time of rest ${number}`}>
      <div className="part-head">
        <fieldset className="days">
          <legend>Begins on</legend>
          {weekdays.map((day) => (
            <label key={day}>
              <input
                type="checkbox"
                checked={days.includes(day)}
                onChange={() => {
                  const next = days.includes(day) ? days.filter((one) => one !== day) : [...days, day];
                  onBlackout({ ...blackout, days: weekdays.filter((one) => next.includes(one)) });
                }}
              />
              {dayNames[day]}
            </label>
          ))}
        </fieldset>
        <Button variant="default" size="xs" aria-label={`Remove time of rest ${number}`} onClick={onRemove}>
          Remove
        </Button>
      </div>
      <FieldProblem sentence={problemOf(`days ${row}`)} />
      <div className="triple">
        <TextInput
          label="From"
          value={blackout.from}
          error={problemOf(`from ${row}`)}
          onChange={(event) => onBlackout({ ...blackout, from: event.currentTarget.value.trim() })}
        />
        <TextInput
          label="To"
          value={blackout.to}
          onChange={(event) => onBlackout({ ...blackout, to: event.currentTarget.value.trim() })}
        />
        <ZoneField
          value={blackout.zone}
          error={problemOf(`zone ${row}`)}
          onZone={(zone) => onBlackout({ ...blackout, zone })}
        />
      </div>
    </section>
  );
}
