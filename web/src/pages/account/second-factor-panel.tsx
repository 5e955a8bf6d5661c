import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { beginSecondFactor, confirmSecondFactor, makeRecoveryCodes, removeSecondFactor } from '../../api/people.ts';
import { countOf } from '../../parts/format.ts';
import { OwnPassword } from '../../parts/new-password.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { ShownOnce } from '../../parts/shown-once.tsx';
import { QrCode } from './qr-code.tsx';

/** Codes of an app that are asked for beside the password. */
export function SecondFactorPanel({
  has,
  codesLeft,
}: {
  readonly has: boolean;
  readonly codesLeft: number;
}): ReactNode {
  const client = useQueryClient();
  const [codes, setCodes] = useState<readonly string[]>();
  const onCodes = async (made: readonly string[]): Promise<void> => {
    setCodes(made);
    await client.invalidateQueries({ queryKey: ['account'] });
  };
  return (
    <section className="panel" aria-label="Second factor">
      <header>
        <h2>Second factor</h2>
        <span className="muted">
          {has ? `on · ${countOf(codesLeft, 'recovery code')} left` : 'off: the password alone lets you in'}
        </span>
      </header>
      <div className="body stack">
        {codes !== undefined && (
          <ShownOnce title="Recovery codes" text={codes.join('\n')} onDone={() => setCodes(undefined)}>
            Each lets you in once, when the app is gone. Keep them where the app is not; they are not shown again.
          </ShownOnce>
        )}
        {has ? <Existing onCodes={onCodes} /> : <NewFactor onCodes={onCodes} />}
      </div>
    </section>
  );
}

type OnCodes = (codes: readonly string[]) => Promise<void>;

function NewFactor({ onCodes }: { readonly onCodes: OnCodes }): ReactNode {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: () => beginSecondFactor(password) });
  const confirm = useMutation({ mutationFn: () => confirmSecondFactor(code), onSuccess: onCodes });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (begin.data === undefined) begin.mutate();
    else confirm.mutate();
  }

  return (
    <form className="stack" onSubmit={submit}>
      {begin.data === undefined ? (
        <>
          <p>An app on your phone shows a code of six digits that is asked for when you sign in.</p>
          <OwnPassword value={password} onValue={setPassword} />
          <ProblemLine error={begin.error} />
          <Button type="submit" variant="default" loading={begin.isPending} disabled={password === ''}>
            Add a second factor
          </Button>
        </>
      ) : (
        <>
          <p>Scan this with the app, or type the secret into it:</p>
          <QrCode text={begin.data.uri} label="The secret as a picture for the app" />
          <code>{begin.data.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
          <TextInput
            label="Code the app shows now"
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <ProblemLine error={confirm.error} />
          <Button type="submit" loading={confirm.isPending} disabled={code.trim() === ''}>
            Confirm
          </Button>
        </>
      )}
    </form>
  );
}

function Existing({ onCodes }: { readonly onCodes: OnCodes }): ReactNode {
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const done = async (): Promise<void> => {
    setPassword('');
    setCode('');
    await client.invalidateQueries({ queryKey: ['account'] });
  };
  const renew = useMutation({
    mutationFn: () => makeRecoveryCodes(code),
    onSuccess: async (made) => {
      await onCodes(made);
      await done();
    },
  });
  const remove = useMutation({ mutationFn: () => removeSecondFactor(password, code), onSuccess: done });
  return (
    <>
      <div className="line">
        <TextInput
          label="Code the app shows now"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button
          variant="default"
          loading={renew.isPending}
          disabled={code.trim() === ''}
          onClick={() => renew.mutate()}
        >
          Make new recovery codes
        </Button>
      </div>
      <div className="line">
        <OwnPassword value={password} onValue={setPassword} />
        <Button
          variant="default"
          loading={remove.isPending}
          disabled={code.trim() === '' || password === ''}
          onClick={() => remove.mutate()}
        >
          Remove the second factor
        </Button>
      </div>
      <ProblemLine error={renew.error ?? remove.error} />
    </>
  );
}
