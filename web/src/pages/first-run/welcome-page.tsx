import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { acceptInvitation, type Invitation, lookAtInvitation } from '../../api/session.ts';
import { isChosen, NewPassword, noPassword, passwordLengthMin } from '../../parts/new-password.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { Bones, Failure } from '../../parts/states.tsx';

/** A link that works once: makes the first administrator, or lets a person choose a password. */
export function WelcomePage(): ReactNode {
  const [secret] = useState(() => window.location.hash.slice(1));
  // Nobody who looks at the screen, or at the history, finds the secret.
  useEffect(() => window.history.replaceState(null, '', window.location.pathname), []);
  const look = useQuery({
    queryKey: ['own-session', 'invitation'],
    queryFn: () => lookAtInvitation(secret),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <main className="sign-in">
      <div className="sign-in-panel">
        {look.isPending ? (
          <Bones rows={3} />
        ) : look.isError ? (
          <>
            <Failure error={look.error} what="This link cannot be used" />
            <a href="/">To the sign-in page</a>
          </>
        ) : (
          <ChoiceForm secret={secret} invitation={look.data} />
        )}
      </div>
    </main>
  );
}

function ChoiceForm({ secret, invitation }: { readonly secret: string; readonly invitation: Invitation }): ReactNode {
  const isFirst = invitation.purpose === 'first-run';
  const [name, setName] = useState(invitation.name ?? '');
  const [displayName, setDisplayName] = useState(invitation.displayName ?? '');
  const [chosen, setChosen] = useState(noPassword);
  const accept = useMutation({
    mutationFn: () =>
      acceptInvitation({
        secret,
        password: chosen.password,
        ...(isFirst ? { name: name.trim(), displayName: displayName.trim() || name.trim() } : {}),
      }),
    // Everything begins anew: whoever was signed in here before is not any more.
    onSuccess: () => window.location.replace('/'),
  });
  const ready = name.trim() !== '' && isChosen(chosen);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (ready) accept.mutate();
  }

  return (
    <form onSubmit={submit}>
      <div className="brand">
        <img src="/meridian.svg" alt="" />
        <h1>{isFirst ? 'Welcome to Meridian' : `Welcome, ${invitation.displayName ?? ''}`}</h1>
      </div>
      <p className="muted">
        {isFirst
          ? 'You are the first administrator: choose what you sign in with.'
          : 'Choose a password. Sessions you had end.'}
      </p>
      <TextInput
        label="Name"
        description={isFirst ? 'What you sign in with.' : undefined}
        autoComplete="username"
        spellCheck={false}
        readOnly={!isFirst}
        autoFocus={isFirst}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {isFirst && (
        <TextInput
          label="Shown as"
          description="What others see; empty: the name."
          autoComplete="name"
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
      )}
      <NewPassword
        label="Password"
        description={`At least ${passwordLengthMin} characters; a few unrelated words do well.`}
        autoFocus={!isFirst}
        chosen={chosen}
        onChoose={setChosen}
      />
      <ProblemLine error={accept.error} />
      <Button type="submit" loading={accept.isPending || accept.isSuccess} disabled={!ready}>
        {isFirst ? 'Create administrator' : 'Set password'}
      </Button>
    </form>
  );
}
