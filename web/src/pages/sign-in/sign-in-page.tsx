import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { asProblem, type Problem } from '../../api/problem.ts';
import { beginProvider, getSignInWays, signIn } from '../../api/session.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { rememberProvider } from './provider-memory.ts';

/** Signing in: with name and password, at a provider of identities, or with the access token. */
export function SignInPage({ onDone }: { readonly onDone: () => Promise<void> }): ReactNode {
  const ways = useQuery({ queryKey: ['own-session', 'ways'], queryFn: ({ signal }) => getSignInWays(signal) });
  const [chosen, setChosen] = useState<'password' | 'token'>();
  if (ways.isPending) return null;
  const firstRun = ways.data?.firstRun === true;
  // Without any user only the token lets in; when the ways cannot be told, both are offered.
  const way = chosen ?? (firstRun ? 'token' : 'password');
  return (
    <main className="sign-in">
      <div className="sign-in-panel">
        <div className="brand">
          <img src="/meridian.svg" alt="" />
          <h1>Sign in to Meridian</h1>
        </div>
        {firstRun && (
          <p className="muted">
            There is no user yet. The link that <code>meridian serve</code> printed when it started makes the first
            administrator.
          </p>
        )}
        {ways.data?.provider !== undefined && <ProviderButton name={ways.data.provider} />}
        {way === 'token' ? <TokenForm onDone={onDone} /> : <PasswordForm onDone={onDone} />}
        <button type="button" className="plain link" onClick={() => setChosen(way === 'token' ? 'password' : 'token')}>
          {way === 'token' ? 'Use name and password' : 'Use the access token'}
        </button>
      </div>
    </main>
  );
}

/** Sends what was typed, and tells what came of it. */
function useSubmit(send: () => Promise<void>): {
  readonly problem: Problem | undefined;
  readonly busy: boolean;
  readonly submit: (event?: FormEvent) => void;
} {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  return {
    problem,
    busy,
    submit(event) {
      event?.preventDefault();
      setBusy(true);
      setProblem(undefined);
      send()
        .catch((thrown: unknown) => setProblem(asProblem(thrown)))
        .finally(() => setBusy(false));
    },
  };
}

function PasswordForm({ onDone }: { readonly onDone: () => Promise<void> }): ReactNode {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const { problem, busy, submit } = useSubmit(async () => {
    try {
      await signIn({ name: name.trim(), password, ...(code === undefined ? {} : { code: code.trim() }) });
      await onDone();
    } catch (thrown) {
      if (asProblem(thrown).code !== 'second-factor-missing') throw thrown;
      setCode('');
    }
  });
  const words = problem === undefined ? undefined : `${problem.message} ${problem.hint}`;
  return (
    <form onSubmit={submit}>
      <TextInput
        label="Name"
        autoComplete="username"
        spellCheck={false}
        autoFocus
        readOnly={code !== undefined}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Password"
        type="password"
        autoComplete="current-password"
        readOnly={code !== undefined}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={code === undefined ? words : undefined}
      />
      {code !== undefined && (
        <TextInput
          label="Code"
          description="The six digits your app shows, or a recovery code."
          autoComplete="one-time-code"
          spellCheck={false}
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={words}
        />
      )}
      <Button type="submit" loading={busy} disabled={name.trim() === '' || password === '' || code?.trim() === ''}>
        Sign in
      </Button>
      {code !== undefined && (
        <button type="button" className="plain link" onClick={() => setCode(undefined)}>
          As somebody else
        </button>
      )}
    </form>
  );
}

function TokenForm({ onDone }: { readonly onDone: () => Promise<void> }): ReactNode {
  const [token, setToken] = useState('');
  const { problem, busy, submit } = useSubmit(async () => {
    await signIn({ token });
    await onDone();
  });
  return (
    <form onSubmit={submit}>
      <TextInput
        label="Access token"
        description="It was made at the first start and stands in the file “token” of the data directory."
        type="password"
        autoComplete="off"
        spellCheck={false}
        required
        withAsterisk={false}
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
  );
}

function ProviderButton({ name }: { readonly name: string }): ReactNode {
  const { problem, busy, submit } = useSubmit(async () => {
    const { url, binding } = await beginProvider();
    rememberProvider(binding);
    window.location.assign(url);
  });
  return (
    <>
      <Button variant="default" loading={busy} onClick={() => submit()}>
        Sign in with {name}
      </Button>
      <ProblemLine error={problem} />
    </>
  );
}
