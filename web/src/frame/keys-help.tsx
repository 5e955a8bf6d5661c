import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useOwnSession } from '../parts/own-session.tsx';
import { configurationPlaces, places } from './places.ts';
import { Sheet } from './sheet.tsx';

const keys: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['⌘K', 'Ctrl K'], 'Go to, search, do'],
  [['/'], 'To the query; to the search of a list'],
  [['j', 'k'], 'Next, previous row that opens'],
  [['←', '→'], 'Cell of the row'],
  [['+', '−'], 'Include, exclude the value of the cell'],
  [['Enter'], 'Open the event; run the query'],
  [['s'], 'Open the session of the row'],
  [['Esc'], 'Close what is open'],
  [['?'], 'This help'],
];

/** What the keyboard does: what is the same on every page, and the pages one may go to. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { permissions } = useOwnSession();
  const may = [...places, ...configurationPlaces].filter(({ needs }) => permissions.includes(needs));
  const all = [...keys, ...may.map(({ key, name }) => [[`g ${key}`], `To ${name}`] as const)];
  return (
    <Sheet label="Keyboard" onClose={onClose}>
      <header>
        <h2>Keyboard</h2>
        <button type="button" className="plain link" onClick={onClose}>
          Close
        </button>
      </header>
      <div className="body">
        <dl className="keys">
          {all.map(([combinations, what]) => (
            <div key={what} style={{ display: 'contents' }}>
              <dt>
                {combinations.map((one, index) => (
                  <span key={one}>
                    {index > 0 && ' '}
                    <kbd>{one}</kbd>
                  </span>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <p style={{ marginTop: 16 }}>
          <Link to="/help/qql" onClick={onClose}>
            The query language on one page
          </Link>
        </p>
      </div>
    </Sheet>
  );
}
