import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, type RefObject, useId, useMemo, useState } from 'react';
import { labels, parseAddress, parseDn } from '#event';
import { useOwnSession } from '../parts/own-session.tsx';
import { usePreferences } from '../parts/preferences.tsx';
import { configurationPlaces, places } from './places.ts';
import { Sheet } from './sheet.tsx';

/** Something the palette can do. */
interface Command {
  readonly name: string;
  readonly where: string;
  readonly run: () => void;
}

const shownMax = 12;

/** ⌘K: go to a page, search, do something. */
export function Palette({
  ahead,
  onClose,
  onKeys,
  onSignOut,
}: {
  /** What was typed before it was there. */
  readonly ahead: RefObject<string>;
  readonly onClose: () => void;
  readonly onKeys: () => void;
  readonly onSignOut: () => void;
}): ReactNode {
  const [typed, setTyped] = useState(() => ahead.current);
  const [at, setAt] = useState(0);
  const listId = useId();
  const commands = useCommands(typed, onKeys, onSignOut);
  const shown = commands.slice(0, shownMax);
  const current = Math.min(at, shown.length - 1);

  function runCommand(command: Command | undefined): void {
    if (command === undefined) return;
    onClose();
    command.run();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') setAt(Math.min(current + 1, shown.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(current - 1, 0));
    else if (event.key === 'Enter') runCommand(shown[current]);
    else return;
    event.preventDefault();
  }

  return (
    <Sheet label="Go to, search, do" onClose={onClose}>
      <input
        className="palette-input"
        type="text"
        role="combobox"
        aria-label="Go to, search, do"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={shown.length === 0 ? undefined : `${listId}-${current}`}
        placeholder="A page, an address, a DN, a field, a query…"
        spellCheck={false}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type
        autoFocus
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" role="listbox" id={listId} aria-label="Commands">
        {shown.map((command, index) => (
          <div
            key={`${command.where} ${command.name}`}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onMouseMove={() => setAt(index)}
            onClick={() => runCommand(command)}
          >
            <span>{command.name}</span>
            <span className="where">{command.where}</span>
          </div>
        ))}
      </div>
    </Sheet>
  );
}

function useCommands(typed: string, onKeys: () => void, onSignOut: () => void): readonly Command[] {
  const navigate = useNavigate();
  const { setScheme } = usePreferences();
  const { permissions } = useOwnSession();
  const fixed = useMemo((): readonly Command[] => {
    const allowed = [...places, ...configurationPlaces].filter(({ needs }) => permissions.includes(needs));
    const pages = allowed.map(({ to, name }) => ({
      name,
      where: 'Page',
      run: () => void navigate({ to }),
    }));
    const more = [
      { name: 'Account', where: 'Page', run: () => void navigate({ to: '/account' }) },
      { name: 'Try a log line', where: 'Page', run: () => void navigate({ to: '/try' }) },
      { name: 'QQL on one page', where: 'Help', run: () => void navigate({ to: '/help/qql' }) },
      { name: 'Keyboard', where: 'Help', run: onKeys },
      { name: 'Light', where: 'Appearance', run: () => setScheme('light') },
      { name: 'Dark', where: 'Appearance', run: () => setScheme('dark') },
      { name: 'As the system', where: 'Appearance', run: () => setScheme('auto') },
      { name: 'Sign out', where: 'Session', run: onSignOut },
    ];
    return [...pages, ...more];
  }, [navigate, onKeys, onSignOut, permissions, setScheme]);

  const text = typed.trim();
  if (text === '') return fixed;
  const folded = text.toLowerCase();
  const hunt = (q: string): (() => void) => {
    return () => void navigate({ to: '/hunt', search: { q } });
  };
  const found: Command[] = fixed.filter(({ name, where }) => `${name} ${where}`.toLowerCase().includes(folded));
  if (parseAddress(text) !== undefined) {
    const go = (): void =>
      void navigate({ to: '/entities/$kind', params: { kind: 'address' }, search: { value: text } });
    found.unshift({ name: text, where: 'Address', run: go });
  }
  if (text.includes('=') && parseDn(text) !== undefined) {
    for (const kind of ['entry', 'identity'] as const) {
      const go = (): void => void navigate({ to: '/entities/$kind', params: { kind }, search: { value: text } });
      found.unshift({ name: text, where: kind === 'identity' ? 'Identity' : 'Entry', run: go });
    }
  }
  for (const label of labels) {
    if (label.toLowerCase().includes(folded)) {
      found.push({ name: label, where: 'Field: hunt for it', run: hunt(`${label} is not null`) });
    }
  }
  return [...found.slice(0, shownMax - 1), { name: `Hunt: ${text}`, where: 'Search', run: hunt(text) }];
}
