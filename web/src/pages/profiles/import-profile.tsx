import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { importProfile } from '../../api/fleet-profiles.ts';
import { SaveProblem } from './step-review.tsx';

const lengthMax = 512 * 1024;

/** Makes a profile from YAML: a file, or what is pasted. */
export function ImportProfile({ onClose }: { readonly onClose: () => void }): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [yaml, setYaml] = useState('');
  const [problem, setProblem] = useState<string>();
  const take = useMutation({
    mutationFn: () => importProfile(yaml),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['profiles'] });
      await navigate({ to: '/profiles/$profileId', params: { profileId: id }, search: { made: '1' } });
    },
  });

  async function read(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    if (file.size > lengthMax) {
      setProblem('The file is too large for a profile.');
      return;
    }
    try {
      setYaml(await file.text());
      setProblem(undefined);
    } catch {
      setProblem('The file cannot be read.');
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    take.mutate();
  }

  return (
    <form
      className="panel"
      aria-label="Import a profile"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className="body step">
        <label className="file">
          <span className="field-name">A file</span>
          <input
            type="file"
            accept=".yaml,.yml,application/yaml"
            onChange={(event) => void read(event.currentTarget.files?.[0])}
          />
        </label>
        <Textarea
          label="Or its text"
          description="YAML as “Export” gives it; a name that is taken must be changed first."
          className="mono-input"
          autoFocus
          spellCheck={false}
          rows={8}
          value={yaml}
          error={problem}
          onChange={(event) => setYaml(event.currentTarget.value)}
        />
        <SaveProblem error={take.error} />
        <div className="line">
          <Button type="submit" loading={take.isPending} disabled={yaml.trim() === ''}>
            Import profile
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  );
}
