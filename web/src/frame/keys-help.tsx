import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Sheet } from './sheet.tsx';

const keys: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['⌘K', 'Ctrl K'], 'Go to, search, do'],
  [['/'], 'To the query'],
  [['g h', 'g o', 'g e'], 'To Hunt, Overview, Entities'],
  [['j', 'k'], 'Next, previous row'],
  [['←', '→'], 'Cell of the row'],
  [['+', '−'], 'Include, exclude the value of the cell'],
  [['Enter'], 'Open the event; run the query'],
  [['s'], 'Open the session of the row'],
  [['Esc'], 'Close what is open'],
  [['?'], 'This help'],
];

/** What the keyboard does. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
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
          {keys.map(([combinations, what]) => (
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
