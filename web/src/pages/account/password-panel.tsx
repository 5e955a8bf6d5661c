import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { changePassword } from '../../api/people.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';

/** Changes the password. */
export function PasswordPanel({ name }: { readonly name: string }): ReactNode {
  const client = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: async () => {
      setCurrent('');
      setNext('');
      setAgain('');
      await client.invalidateQueries({ queryKey: ['own-sessions'] });
    },
  });
  const ready = current !== '' && next !== '' && next === again;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (ready) change.mutate();
  }

  return (
    <section className="panel" aria-label="Password">
      <header>
        <h2>Password</h2>
      </header>
      <form className="body stack" onSubmit={submit}>
        {/* So that a password manager knows whose it is. */}
        <input type="text" autoComplete="username" value={name} readOnly hidden />
        <TextInput
          label="Current password"
          type="password"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <TextInput
          label="New password"
          description="At least 12 characters. All other sessions end."
          type="password"
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <TextInput
          label="New password, once more"
          type="password"
          autoComplete="new-password"
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
          error={again !== '' && again !== next ? 'The two differ.' : undefined}
        />
        <ProblemLine error={change.error} />
        <div className="line">
          <Button type="submit" variant="default" loading={change.isPending} disabled={!ready}>
            Change password
          </Button>
          <span role="status">{change.isSuccess && 'It is changed; all other sessions have ended.'}</span>
        </div>
      </form>
    </section>
  );
}
