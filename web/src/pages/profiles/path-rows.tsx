import { Button, TextInput } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { type DraftPath, newPath } from './profile-draft.ts';
import type { StepProps } from './profile-steps.ts';
import { RowNotices } from './row-notices.tsx';

/** Path patterns, each in a row with what is wrong with it. Enter adds one below. */
export function PathRows({
  paths,
  onPaths,
  problemOf,
  noticesOf,
}: Pick<StepProps, 'problemOf' | 'noticesOf'> & {
  readonly paths: readonly DraftPath[];
  readonly onPaths: (paths: readonly DraftPath[]) => void;
}): ReactNode {
  const added = useRef<number>(undefined);

  function addAfter(at: number): void {
    const path = newPath('');
    added.current = path.row;
    onPaths([...paths.slice(0, at + 1), path, ...paths.slice(at + 1)]);
  }

  return (
    <fieldset className="rows">
      <legend>Path patterns</legend>
      <p className="muted">
        Absolute; <code>*</code> and <code>?</code> stand for characters, <code>**</code> for folders. Rotated and
        compressed files are found, too.
      </p>
      {paths.map((path, at) => {
        const problem = problemOf(`paths ${path.row}`);
        return (
          <div key={path.row}>
            <div className="row">
              <TextInput
                aria-label={`Path pattern ${at + 1}`}
                className="mono-input"
                autoComplete="off"
                spellCheck={false}
                placeholder="/var/log/dirsrv/slapd-*/access*"
                autoFocus={added.current === path.row}
                value={path.pattern}
                error={problem}
                onChange={(event) => {
                  const pattern = event.currentTarget.value;
                  onPaths(paths.map((one) => (one === path ? { ...path, pattern } : one)));
                }}
                onPaste={(event) => {
                  const lines = event.clipboardData.getData('text').split(/[\r\n]+/);
                  const patterns = lines.map((line) => line.trim()).filter((line) => line !== '');
                  if (patterns.length < 2) return;
                  event.preventDefault();
                  const kept = path.pattern.trim() === '' ? [] : [path];
                  onPaths([...paths.slice(0, at), ...kept, ...patterns.map(newPath), ...paths.slice(at + 1)]);
                }}
                onKeyDown={(event: KeyboardEvent) => {
                  if (event.key !== 'Enter' || path.pattern.trim() === '') return;
                  event.preventDefault();
                  addAfter(at);
                }}
              />
              {paths.length > 1 && (
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`Remove path pattern ${at + 1}`}
                  onClick={() => onPaths(paths.filter((one) => one !== path))}
                >
                  Remove
                </Button>
              )}
            </div>
            {problem === undefined && <RowNotices notices={noticesOf(path.row)} />}
          </div>
        );
      })}
      <div>
        <Button variant="default" size="xs" onClick={() => addAfter(paths.length - 1)}>
          Add a pattern
        </Button>
      </div>
    </fieldset>
  );
}
