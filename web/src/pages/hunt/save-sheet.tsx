import { Button, Checkbox, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { removeSearch, type SavedSearch, saveSearch } from '../../api/searches.ts';
import { Sheet } from '../../frame/sheet.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import type { HuntSearch } from '../../search-state.ts';

const queryKey = ['saved-searches'];
/** What of the address belongs to a search; the rest is how one looks at it just now. */
const kept = ['q', 'from', 'to', 'zone', 'columns', 'sort', 'density', 'by'] as const;

function wordsOf(search: HuntSearch): Record<string, string> {
  return Object.fromEntries(
    kept.flatMap((name) => {
      const word = search[name];
      return word === undefined ? [] : [[name, word]];
    }),
  );
}

/** Saves the search in the address, and removes those one saved before. */
export function SaveSheet({
  own,
  onClose,
}: {
  readonly own: readonly SavedSearch[];
  readonly onClose: () => void;
}): ReactNode {
  const search = useSearch({ from: '/hunt' });
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey });
  const save = useMutation({
    mutationFn: () => saveSearch({ name: name.trim(), words: wordsOf(search), shared }),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  const remove = useMutation({ mutationFn: removeSearch, onSuccess: refresh });

  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate();
  }

  return (
    <Sheet label="Saved searches" onClose={onClose}>
      <header>
        <h2>Save this search</h2>
        <button type="button" className="plain link" onClick={onClose}>
          Close
        </button>
      </header>
      <form className="body save-search" onSubmit={submit}>
        <TextInput
          label="Name"
          description="Query, window, columns and order are kept."
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label="Share it: everybody sees it, only you change it"
          checked={shared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        <ProblemLine error={save.error ?? remove.error} />
        <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
          Save search
        </Button>
        {own.length > 0 && (
          <ul aria-label="Saved before">
            {own.map((one) => (
              <li key={one.id}>
                <bdi>{one.name}</bdi>{' '}
                <button type="button" className="plain link" onClick={() => remove.mutate(one.id)}>
                  Remove<span className="unseen"> {one.name}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </form>
    </Sheet>
  );
}
