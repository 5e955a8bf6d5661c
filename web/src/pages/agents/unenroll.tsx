import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type Agent, unenrollAgent } from '../../api/fleet-agents.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';

const reasonLengthMax = 256;

/** Takes an agent out: it says what that means, and asks, for it cannot be undone from here. */
export function Unenroll({ agent: { id, name } }: { readonly agent: Agent }): ReactNode {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const remove = useMutation({
    mutationFn: () => unenrollAgent(id, reason.trim()),
    onSuccess: () => client.invalidateQueries({ queryKey: ['agents'] }),
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    remove.mutate();
  }

  return (
    <section className="panel danger" aria-label="Un-enroll">
      <header>
        <h2>Un-enroll</h2>
      </header>
      <div className="body agent-settings">
        <p>
          Its key is refused at once, so it stops sending, and says so on its host. What it sent stays, and it keeps
          what it has not sent. To come back it must be enrolled anew, with a new token.
        </p>
        {open ? (
          <form
            className="in-row"
            aria-label="Un-enroll"
            onSubmit={submit}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setOpen(false);
            }}
          >
            <TextInput
              label="Why (for the record)"
              autoFocus
              autoComplete="off"
              maxLength={reasonLengthMax}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <ProblemLine error={remove.error} />
            <div className="line">
              <Button type="submit" color="red" loading={remove.isPending}>
                Un-enroll {showText(name)}
              </Button>
              <Button variant="default" onClick={() => setOpen(false)}>
                Keep it
              </Button>
            </div>
          </form>
        ) : (
          <div>
            <Button variant="default" onClick={() => setOpen(true)}>
              Un-enroll…
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}
