import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { changePassword } from '../../api/people.ts';
import { isChosen, NewPassword, noPassword, OwnPassword, passwordLengthMin } from '../../parts/new-password.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';

/** Changes the password. */
export function PasswordPanel({ name }: { readonly name: string }): ReactNode {
  const client = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState(noPassword);
  const change = useMutation({
    mutationFn: () => changePassword(current, next.password),
    onSuccess: async () => {
      setCurrent('');
      setNext(noPassword);
      await client.invalidateQueries({ queryKey: ['own-sessions'] });
    },
  });
  const ready = current !== '' && isChosen(next);

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
        <OwnPassword label="Current password" value={current} onValue={setCurrent} />
        <NewPassword
          label="New password"
          description={`At least ${passwordLengthMin} characters. All other sessions end.`}
          chosen={next}
          onChoose={setNext}
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
