import type { ReactNode } from 'react';
import type { AgentFile, AgentState } from '../../api/fleet-agents.ts';
import { countOf, formatBytes, formatSeconds, formatShare } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { Mark } from '../../parts/outcome.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Empty } from '../../parts/states.tsx';

const shownMax = 200;

const words: Readonly<Record<string, readonly [outcome: string, word: string]>> = {
  reading: ['success', 'reading'],
  waiting: ['success', 'at its end'],
  complete: ['unknown', 'complete'],
  paused: ['partial', 'paused'],
  refused: ['denied', 'refused'],
  unreadable: ['denied', 'unreadable'],
};

/** The files an agent reads: where it is in each, and how far behind. */
export function AgentFiles({
  files,
  more,
  state,
}: {
  /** undefined: it has said nothing of itself yet. */
  readonly files: readonly AgentFile[] | undefined;
  readonly more: number;
  readonly state: AgentState;
}): ReactNode {
  const shown = files?.slice(0, shownMax) ?? [];
  const left = (files?.length ?? 0) - shown.length + more;
  return (
    <section className="panel" aria-label="Files">
      <header>
        <h2>Files</h2>
        {files !== undefined && files.length > 0 && (
          <span className="muted">
            {countOf(files.length + more, 'file')}
            {state === 'active' ? '' : ', as it said last'}
          </span>
        )}
      </header>
      {shown.length === 0 ? (
        <Empty title={files === undefined ? 'It has not said yet what it reads' : 'It reads no file'}>
          <p className="muted">
            {files === undefined
              ? 'An agent tells how it is every 15 seconds.'
              : 'The files its profile names, and that are there, stand here with how far each is read.'}
          </p>
        </Empty>
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th>File</th>
                <th>Log</th>
                <th>State</th>
                <th>Read</th>
                <th className="number">Position</th>
                <th className="number">Size</th>
                <th className="number">Behind</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((file) => (
                <FileRow key={`${file.place} ${file.stream} ${file.generation}`} file={file} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {left > 0 && <p className="body-line muted">And {countOf(left, 'more file')}.</p>}
    </section>
  );
}

function FileRow({ file }: { readonly file: AgentFile }): ReactNode {
  const { place, log, state, code, size, position, lagBytes, lagSeconds } = file;
  const [outcome, word] = words[state] ?? ['unknown', state];
  const done = Math.max(0, size - lagBytes);
  return (
    <tr>
      <td className="wrap">
        <InertText text={place} />
      </td>
      <td>
        <bdi>{showText(log)}</bdi>
      </td>
      <td>
        <Mark outcome={outcome}>{word}</Mark>
        {code !== undefined && <div className="sub mono">{code}</div>}
      </td>
      <td title={formatShare(done, size)}>
        <svg className="file-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect className="all" width="100" height="6" />
          <rect className="read" width={size === 0 ? 100 : (done / size) * 100} height="6" />
        </svg>
        <span className="unseen">{formatShare(done, size)}</span>
      </td>
      <td className="number">{position.toLocaleString()}</td>
      <td className="number">{size.toLocaleString()}</td>
      <td className="number">
        {lagBytes === 0 ? '0' : formatBytes(lagBytes)}
        {lagSeconds > 0 && <div className="sub">{formatSeconds(lagSeconds)}</div>}
      </td>
    </tr>
  );
}
