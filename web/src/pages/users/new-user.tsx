import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { makeUser } from '../../api/people.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { RoleSelect } from './role-select.tsx';
import type { ShownLink } from './shown-link.ts';

/** Makes a user; the person chooses the password. */
export function NewUser({ onMade }: { readonly onMade: (link: ShownLink) => void }): ReactNode {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [role, setRole] = useState('viewer');
  const make = useMutation({
    mutationFn: () => {
      const shown = displayName.trim();
      return makeUser({ name: name.trim(), role, ...(shown === '' ? {} : { displayName: shown }) });
    },
    onSuccess: async ({ user, link }) => {
      await client.invalidateQueries({ queryKey: ['users'] });
      onMade({ name: user.name, link });
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    make.mutate();
  }

  return (
    <form className="panel" aria-label="New user" onSubmit={submit}>
      <div className="body stack">
        <div className="line">
          <TextInput
            label="Name"
            description="What the person signs in with."
            autoComplete="off"
            spellCheck={false}
            autoFocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Shown as"
            description="Empty: the name."
            autoComplete="off"
            value={displayName}
            onChange={(event) => setDisplayName(event.currentTarget.value)}
          />
          <RoleSelect label="Role" value={role} onRole={setRole} />
          <Button type="submit" loading={make.isPending} disabled={name.trim() === ''}>
            Create user
          </Button>
        </div>
        <ProblemLine error={make.error} />
      </div>
    </form>
  );
}
