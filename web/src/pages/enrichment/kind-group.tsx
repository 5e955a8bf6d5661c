import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import {
  type ContextFile,
  type ContextKind,
  type EnrichmentState,
  type FileName,
  type FormerVersion,
  removeFile,
  restoreFile,
} from '../../api/enrichment.ts';
import { countOf, formatAge, formatBytes, formatCount, formatDay, formatFullTime } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { Uploader } from './uploader.tsx';

interface GroupProps {
  readonly title: string;
  readonly kinds: readonly ContextKind[];
  readonly state: EnrichmentState;
  /** Whether the viewer, and the server, may change files. */
  readonly may: boolean;
  /** File that is being uploaded. */
  readonly open: FileName | undefined;
  readonly onOpen: (name: FileName | undefined) => void;
}

/** Something that was done, and how it is taken back. */
interface Said {
  readonly words: string;
  readonly undo?: (() => Promise<unknown>) | undefined;
}

/** Kinds that belong together: the files of each, how fresh they are, and what can be done with them. */
export function KindGroup({ title, kinds, ...others }: GroupProps): ReactNode {
  return (
    <section className="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      <ul className="context-kinds">
        {kinds.map((kind) => (
          <Kind key={kind.kind} kind={kind} {...others} />
        ))}
      </ul>
    </section>
  );
}

function Kind({
  kind,
  state,
  may,
  open,
  onOpen,
}: Omit<GroupProps, 'title' | 'kinds'> & { readonly kind: ContextKind }): ReactNode {
  const client = useQueryClient();
  const [said, setSaid] = useState<Said>();
  const files = state.files.filter((file) => kindOf(file) === kind.kind);
  const former = state.former.filter((version) => version.kind === kind.kind);
  const gone = former.filter(({ name }) => !files.some(({ upload }) => upload?.name === name));
  const isOpen = open?.kind === kind.kind;
  const item = useRef<HTMLLIElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    // Whoever works by keyboard goes on where the upload began.
    if (wasOpen.current && !isOpen) item.current?.querySelector('button')?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  const change = useMutation({
    mutationFn: (step: () => Promise<Said | undefined>) => step(),
    onSuccess: async (done) => {
      setSaid(done);
      await client.invalidateQueries({ queryKey: ['enrichment'] });
    },
    onError: () => setSaid(undefined),
  });

  function bringBack(version: FormerVersion): void {
    change.mutate(async () => {
      await restoreFile(version, version.id);
      return { words: `What ${fileWords(version)} was before is in use again.` };
    });
  }

  function remove(name: FileName, file: string): void {
    change.mutate(async () => {
      const id = await removeFile(name);
      const words = `${file} is removed.`;
      return id === undefined ? { words } : { words, undo: () => restoreFile(name, id) };
    });
  }

  return (
    <li ref={item} className="context-kind" aria-label={kind.title}>
      <div className="context-head">
        <h3>{kind.title}</h3>
        {may && !isOpen && (files.length === 0 || kind.names !== 'none') && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={files.length === 0 ? `Upload ${kind.title.toLowerCase()}` : `Add ${kind.title.toLowerCase()}`}
            onClick={() => {
              setSaid(undefined);
              onOpen({ kind: kind.kind, name: '' });
            }}
          >
            {files.length === 0 ? 'Upload' : 'Add another'}
          </Button>
        )}
      </div>
      <p className="muted">{kind.about}</p>
      {files.length > 0 && (
        <ul className="context-files">
          {files.map((file) => (
            <FileRow
              key={file.path}
              file={file}
              state={state}
              former={former.filter(({ name }) => file.upload !== undefined && name === file.upload.name)}
              may={may}
              onReplace={(name) => {
                setSaid(undefined);
                onOpen(name);
              }}
              onRemove={remove}
              onBringBack={bringBack}
            />
          ))}
        </ul>
      )}
      <Former versions={gone} may={may} title="removed" onBringBack={bringBack} />
      <p role="status">
        {said !== undefined && (
          <>
            {said.words}{' '}
            {said.undo !== undefined && (
              <button
                type="button"
                className="plain link"
                onClick={() =>
                  change.mutate(async () => {
                    await said.undo?.();
                    return { words: 'Taken back.' };
                  })
                }
              >
                Undo
              </button>
            )}
          </>
        )}
      </p>
      <ProblemLine error={change.error} />
      {isOpen && (
        <Uploader
          key={`${open.kind} ${open.name}`}
          kind={kind}
          target={open}
          files={files}
          onClose={() => onOpen(undefined)}
          onDone={(words, undo) => {
            setSaid({ words, undo });
            onOpen(undefined);
            void client.invalidateQueries({ queryKey: ['enrichment'] });
          }}
        />
      )}
    </li>
  );
}

/** Groups are read as identities, and told apart by the names of their files. */
function kindOf({ kind, path, upload }: ContextFile): string {
  if (upload !== undefined) return upload.kind;
  return kind === 'identities' && /(^|\/)groups[^/]*$/i.test(path) ? 'groups' : kind;
}

function fileWords({ kind, name, form }: FormerVersion): string {
  return `${name === '' ? kind : name}.${form}`;
}

function FileRow({
  file,
  state,
  former,
  may,
  onReplace,
  onRemove,
  onBringBack,
}: {
  readonly file: ContextFile;
  readonly state: EnrichmentState;
  readonly former: readonly FormerVersion[];
  readonly may: boolean;
  readonly onReplace: (name: FileName) => void;
  readonly onRemove: (name: FileName, file: string) => void;
  readonly onBringBack: (version: FormerVersion) => void;
}): ReactNode {
  const { upload, path } = file;
  const shown = upload?.file ?? path;
  const notices = state.notices.filter((notice) => notice.file === path);
  return (
    <li>
      <div className="context-file">
        <InertText text={shown} />
        <span className="context-facts">
          <Freshness file={file} state={state} />
        </span>
        {upload === undefined ? (
          <span className="muted">kept by other means</span>
        ) : (
          may && (
            <span className="context-actions">
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Replace ${shown}`}
                onClick={() => onReplace({ kind: upload.kind, name: upload.name })}
              >
                Replace
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Remove ${shown}`}
                onClick={() => onRemove({ kind: upload.kind, name: upload.name }, shown)}
              >
                Remove
              </Button>
            </span>
          )
        )}
      </div>
      {notices.map(({ code, sentence, hint }) => (
        <p key={`${code} ${sentence}`} className="context-notice">
          <span className="outcome-failure" aria-hidden="true">
            ▲
          </span>{' '}
          <InertText text={sentence.replaceAll(path, shown)} /> <span className="muted">{hint}</span>{' '}
          <code className="muted">{code}</code>
        </p>
      ))}
      <Former versions={former} may={may} title="former" onBringBack={onBringBack} />
    </li>
  );
}

/** How much of it is in use, and how old it is. */
function Freshness({ file, state }: { readonly file: ContextFile; readonly state: EnrichmentState }): ReactNode {
  const { zone } = usePreferences();
  const { source, entries, readAt, upload } = file;
  if (source === undefined) return <span className="outcome-failure">nothing of it is in use</span>;
  const database = state.databases.find(({ label }) => label === source);
  const list = state.lists.find(({ name }) => source.startsWith(`${name}@`) && file.kind === 'intelligence');
  const changed = upload?.changed ?? readAt;
  return (
    <>
      {file.kind === 'geography' ? source.replace(/@.*/, '') : countOf(entries, 'row')}
      {list !== undefined && list.unmatchable > 0 && `, ${formatCount(list.unmatchable)} more that no label can match`}
      {' · '}
      {database !== undefined
        ? `made ${formatDay(database.builtAt, zone)}`
        : changed !== undefined && (
            <time dateTime={new Date(changed).toISOString()} title={formatFullTime(changed, zone)}>
              {formatAge((Date.now() - changed) / 1_000)} old
            </time>
          )}
    </>
  );
}

function Former({
  versions,
  may,
  title,
  onBringBack,
}: {
  readonly versions: readonly FormerVersion[];
  readonly may: boolean;
  readonly title: 'former' | 'removed';
  readonly onBringBack: (version: FormerVersion) => void;
}): ReactNode {
  const { zone } = usePreferences();
  if (versions.length === 0) return null;
  return (
    <details className="context-former">
      <summary>
        {title === 'former'
          ? countOf(versions.length, 'former version')
          : countOf(versions.length, 'version of removed files', 'versions of removed files')}
      </summary>
      <ul>
        {versions.map((version) => (
          <li key={`${version.name} ${version.id}`}>
            <span className="mono">{fileWords(version)}</span>
            <span className="muted">
              of {formatFullTime(version.changed, zone)}, {formatBytes(version.bytes)}, put away{' '}
              {formatAge((Date.now() - version.keptAt) / 1_000)} ago
            </span>
            {may && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Bring back ${fileWords(version)} of ${formatFullTime(version.changed, zone)}`}
                onClick={() => onBringBack(version)}
              >
                Bring back
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p className="muted">Former versions are kept for 30 days.</p>
    </details>
  );
}
