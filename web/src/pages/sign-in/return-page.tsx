import { type ReactNode, useEffect, useRef, useState } from 'react';
import { asProblem, type Problem } from '../../api/problem.ts';
import { finishProvider } from '../../api/session.ts';
import { takeProvider } from './provider-memory.ts';

/** Where a provider of identities sends the browser back to. */
export function ReturnPage(): ReactNode {
  const [problem, setProblem] = useState<Problem>();
  const begun = useRef(false);
  useEffect(() => {
    // A code works once.
    if (begun.current) return;
    begun.current = true;
    const memory = takeProvider();
    finishProvider(window.location.search, memory?.binding ?? '').then(
      () => window.location.replace(memory?.back ?? '/'),
      (thrown: unknown) => setProblem(asProblem(thrown)),
    );
  }, []);
  return (
    <main className="sign-in">
      <div className="sign-in-panel">
        <h1>{problem === undefined ? 'Signing in…' : 'You are not signed in'}</h1>
        {problem !== undefined && (
          <>
            <p role="alert">
              {problem.message} <span className="muted">{problem.hint}</span>
            </p>
            <a href="/">To the sign-in page</a>
          </>
        )}
      </div>
    </main>
  );
}
