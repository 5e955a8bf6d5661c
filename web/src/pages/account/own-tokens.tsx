import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { getOwnTokens, getRoles, makeToken, revokeOwnToken } from '../../api/people.ts';
import { useOwnSession } from '../../parts/own-session.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { ShownOnce } from '../../parts/shown-once.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { TokenTable } from '../token-table.tsx';

const daysDefault = 90;
const daysMax = 366;

/** Tokens for programs that act for the one who is signed in. */
export function OwnTokens(): ReactNode {
  const client = useQueryClient();
  const [made, setMade] = useState<string>();
  const [open, setOpen] = useState(false);
  const tokens = useQuery({ queryKey: ['own-tokens'], queryFn: ({ signal }) => getOwnTokens(signal) });
  const refresh = () => client.invalidateQueries({ queryKey: ['own-tokens'] });
  const revoke = useMutation({ mutationFn: revokeOwnToken, onSuccess: refresh });
  return (
    <section className="panel" aria-label="API tokens">
      <header>
        <h2>API tokens</h2>
        <span className="muted">for programs; sent as “Authorization: Bearer …”</span>
        <Button size="compact-sm" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
          New token
        </Button>
      </header>
      <div className="body stack">
        {made !== undefined && (
          <ShownOnce title="The token" text={made} onDone={() => setMade(undefined)}>
            Copy it now; it is not shown again.
          </ShownOnce>
        )}
        {open && (
          <NewToken
            onMade={(text) => {
              setMade(text);
              setOpen(false);
              void refresh();
            }}
          />
        )}
        <ProblemLine error={revoke.error} />
      </div>
      {tokens.error !== null ? (
        <Failure error={tokens.error} what="Your tokens cannot be shown" retry={() => void tokens.refetch()} />
      ) : tokens.data === undefined ? (
        <Bones rows={2} />
      ) : tokens.data.length === 0 ? (
        <Empty title="No tokens">
          <p className="muted">A token lets a program do some of what you may do, until it ends.</p>
        </Empty>
      ) : (
        <TokenTable tokens={tokens.data} onRevoke={(id) => revoke.mutate(id)} />
      )}
    </section>
  );
}

function NewToken({ onMade }: { readonly onMade: (text: string) => void }): ReactNode {
  const { permissions } = useOwnSession();
  const [name, setName] = useState('');
  const [days, setDays] = useState(String(daysDefault));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => getRoles(signal) });
  const make = useMutation({
    mutationFn: () => makeToken({ name: name.trim(), scopes: [...chosen], days: Number(days) }),
    onSuccess: ({ text }) => onMade(text),
  });
  const offered = (roles.data?.permissions ?? []).filter(
    ({ permission, scope }) => scope && permissions.includes(permission),
  );
  const isDays = /^\d{1,3}$/.test(days) && Number(days) >= 1 && Number(days) <= daysMax;

  function submit(event: FormEvent): void {
    event.preventDefault();
    make.mutate();
  }

  function toggle(permission: string): void {
    const next = new Set(chosen);
    if (!next.delete(permission)) next.add(permission);
    setChosen(next);
  }

  return (
    <form className="stack new-token" onSubmit={submit}>
      <div className="line">
        <TextInput
          label="What it is for"
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Good for days"
          inputMode="numeric"
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          error={isDays ? undefined : `1 to ${daysMax}`}
        />
      </div>
      <fieldset className="scopes">
        <legend>What it may do</legend>
        {offered.map(({ permission, about }) => (
          <label key={permission}>
            <input type="checkbox" checked={chosen.has(permission)} onChange={() => toggle(permission)} />
            <span className="mono">{permission}</span>
            <span className="about">{about}</span>
          </label>
        ))}
      </fieldset>
      <ProblemLine error={make.error ?? roles.error} />
      <Button type="submit" loading={make.isPending} disabled={name.trim() === '' || chosen.size === 0 || !isDays}>
        Create token
      </Button>
    </form>
  );
}
