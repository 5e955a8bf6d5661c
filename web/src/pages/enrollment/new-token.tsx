import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { getFleetSummary } from '../../api/fleet-agents.ts';
import { type MadeToken, makeEnrollmentToken } from '../../api/fleet-enrollment.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { ProfileSelect } from '../../parts/profile-select.tsx';
import { WordList } from '../../parts/word-list.tsx';
import { tagForm, tagWords } from '../../parts/words.ts';

const usesMax = 10_000;
const descriptionLengthMax = 1_024;
const lives = [
  { value: '1', label: 'an hour' },
  { value: '24', label: 'a day' },
  { value: '168', label: 'a week' },
  { value: '720', label: '30 days' },
  { value: '8760', label: 'a year' },
];

/** Makes a token. */
export function NewToken({
  onMade,
  onClose,
}: {
  readonly onMade: (made: MadeToken) => void;
  readonly onClose: () => void;
}): ReactNode {
  const client = useQueryClient();
  const [description, setDescription] = useState('');
  const [uses, setUses] = useState(1);
  const [hours, setHours] = useState('24');
  const [tags, setTags] = useState<readonly string[]>([]);
  const [profileId, setProfileId] = useState('');
  const summary = useQuery({
    queryKey: ['agents', 'summary'],
    queryFn: ({ signal }) => getFleetSummary(signal),
    enabled: useMay('agents:read'),
  });
  const make = useMutation({
    mutationFn: () =>
      makeEnrollmentToken({
        description: description.trim(),
        tags,
        uses,
        hours: Number(hours),
        ...(profileId === '' ? {} : { profileId }),
      }),
    onSuccess: async (made) => {
      onMade(made);
      await client.invalidateQueries({ queryKey: ['enrollment-tokens'] });
    },
  });
  const isUses = Number.isInteger(uses) && uses >= 1 && uses <= usesMax;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isUses) make.mutate();
  }

  return (
    <form
      className="panel"
      aria-label="New token"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className="body step new-enrollment">
        <TextInput
          label="What it is for"
          description="So that the list says which is which; may stay empty."
          autoFocus
          autoComplete="off"
          maxLength={descriptionLengthMax}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <div className="two">
          <NumberField
            label="Hosts"
            description="How many may come in with it."
            value={uses}
            error={isUses ? undefined : `From 1 to ${usesMax.toLocaleString()}.`}
            onValue={(next) => setUses(next ?? Number.NaN)}
          />
          <NativeSelect
            label="Good for"
            description="Afterwards it lets nobody in."
            data={lives}
            value={hours}
            onChange={(event) => setHours(event.currentTarget.value)}
          />
        </div>
        <WordList
          label="Tags"
          description="The hosts get them; profiles choose hosts by tags. Enter adds one."
          words={tags}
          form={tagForm}
          wrong={tagWords}
          suggestions={summary.data?.tags.map(({ tag }) => tag) ?? []}
          onWords={setTags}
        />
        <ProfileSelect
          description="One given here wins over tags, names and priorities."
          value={profileId}
          onProfile={setProfileId}
        />
        <ProblemLine error={make.error} />
        <div className="line">
          <Button type="submit" loading={make.isPending} disabled={!isUses}>
            Create token
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  );
}
