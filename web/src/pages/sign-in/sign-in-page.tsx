import { Button, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { asProblem, type Problem } from '../../api/problem.ts';
import { signIn } from '../../api/session.ts';

/** Signing in: the one place that asks for a secret. */
export function SignInPage({ onDone }: { readonly onDone: () => Promise<void> }): ReactNode {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await signIn(token);
      await onDone();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <div className="brand">
          <img src="/meridian.svg" alt="" />
          <h1>Sign in to Meridian</h1>
        </div>
        <TextInput
          label="Access token"
          description="It was made at the first start and stands in the file “token” of the data directory."
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          required
          withAsterisk={false}
          data-autofocus
          autoFocus
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={problem === undefined ? undefined : `${problem.message} ${problem.hint}`}
        />
        <Button type="submit" loading={busy} disabled={token.trim() === ''}>
          Sign in
        </Button>
        <p className="muted">
          On the server: <code>cat meridian-data/token</code>
        </p>
      </form>
    </main>
  );
}
