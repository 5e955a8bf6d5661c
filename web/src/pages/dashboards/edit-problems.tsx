import type { ReactNode } from 'react';
import type { DashboardProblem } from '../../api/dashboards.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';

/** What is wrong, each with its line; a click goes there. */
export function EditProblems({
  problems,
  error,
  onGo,
}: {
  readonly problems: readonly DashboardProblem[];
  readonly error: Error | null;
  readonly onGo: (offset: number) => void;
}): ReactNode {
  return (
    <div className="edit-problems" role="status" aria-label="Problems">
      <ProblemLine error={error} />
      {problems.length > 0 && (
        <ul>
          {problems.map(({ line, column, offset, path, message, hint }) => (
            <li key={`${offset} ${message}`}>
              <button type="button" className="plain" onClick={() => onGo(offset)}>
                <span className="outcome-denied">
                  <span aria-hidden="true">■</span> Line {line}, column {column}:
                </span>{' '}
                <bdi>{showText(message)}</bdi>{' '}
                <span className="muted">
                  <bdi>{showText(hint)}</bdi> {path !== '' && <code>{showText(path)}</code>}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
