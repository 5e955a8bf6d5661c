import { Button, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import {
  type ContextFile,
  type ContextKind,
  type FileName,
  removeFile,
  restoreFile,
  type UploadDone,
} from '../../api/enrichment.ts';
import { isDialogOpen } from '../../frame/use-keys.ts';
import { countOf, formatBytes } from '../../parts/format.ts';
import { Failure } from '../../parts/states.tsx';
import { ExpectedColumns } from './expected-columns.tsx';
import { PreviewView } from './preview-view.tsx';
import { useUpload } from './use-upload.ts';

interface UploaderProps {
  readonly kind: ContextKind;
  /** File that is to be replaced, or made. */
  readonly target: FileName;
  /** Files of the kind that are there. */
  readonly files: readonly ContextFile[];
  readonly onClose: () => void;
  /** Told what was done, and how it is taken back. */
  readonly onDone: (words: string, undo: (() => Promise<unknown>) | undefined) => void;
}

/** Takes a file, shows what would come of it, and puts it in its place when that is wanted. */
export function Uploader({ kind, target, files, onClose, onDone }: UploaderProps): ReactNode {
  const replaced = files.find(({ upload }) => upload?.name === target.name)?.upload;
  const upload = useUpload(kind, target, (done, name) => onDone(wordsOf(done), undoOf(done, name)));
  const { file, name, step, problem } = upload;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    // While a file is being sent nothing in here has the focus.
    function listen(event: KeyboardEvent): void {
      if (event.key === 'Escape' && !isDialogOpen()) close.current();
    }
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);

  function submit(event: FormEvent): void {
    event.preventDefault();
    upload.look();
  }

  const title = replaced === undefined ? `Upload ${kind.title.toLowerCase()}` : `Replace ${replaced.file}`;
  return (
    <section
      ref={panel}
      className="uploader"
      aria-label={title}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        upload.choose(event.dataTransfer.files[0]);
      }}
    >
      <h4>{title}</h4>
      <form className="uploader-form" onSubmit={submit}>
        <ChooseFile kind={kind} file={file} onFile={upload.choose} />
        {kind.names !== 'none' && replaced === undefined && (
          <TextInput
            label="Name"
            description={kind.names === 'must' ? 'Letters, digits, - and _' : 'Only where there are several'}
            value={name}
            maxLength={63}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => upload.rename(event.currentTarget.value.trim())}
          />
        )}
        {file !== undefined && step.at === 'choosing' && (
          <Button type="submit" variant="default">
            Show what becomes of it
          </Button>
        )}
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </form>
      <div aria-live="polite">
        {problem !== undefined && (
          <p role="alert" className="outcome-denied">
            {problem}
          </p>
        )}
        {step.at === 'sending' && (
          <p className="uploader-sending">
            <progress max={1} value={step.share} aria-label="Sent" />
            {step.share < 1 ? `Sending ${formatBytes(file?.size ?? 0)}` : 'Reading it'}
          </p>
        )}
        {step.at === 'failed' && <Failure error={step.error} what="The file was not taken" retry={upload.look} />}
      </div>
      {step.at === 'shown' ? (
        <PreviewView
          kind={kind}
          preview={step.preview}
          replaced={replaced?.file}
          onUse={() => upload.put(step.preview)}
        />
      ) : (
        step.at !== 'sending' && <ExpectedColumns kind={kind} />
      )}
    </section>
  );
}

function wordsOf({ file, database, accepted }: UploadDone): string {
  return `${file} is in use: ${database === undefined ? countOf(accepted, 'row') : database.label}.`;
}

/** The same data again was only renewed: there is nothing to take back. */
function undoOf({ former, replaces }: UploadDone, name: FileName): (() => Promise<unknown>) | undefined {
  if (former !== undefined) return () => restoreFile(name, former);
  return replaces === '' ? () => removeFile(name) : undefined;
}

/** A button that opens the system's own dialog; the area around it takes what is dropped. */
function ChooseFile({
  kind,
  file,
  onFile,
}: {
  readonly kind: ContextKind;
  readonly file: File | undefined;
  readonly onFile: (file: File | undefined) => void;
}): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <div className="uploader-drop">
      <Button ref={button} onClick={() => input.current?.click()}>
        {file === undefined ? 'Choose a file' : 'Choose another file'}
      </Button>
      <span className="muted">
        {file === undefined ? (
          <>or drop it here: {kind.forms.map(({ form }) => form).join(', ')}</>
        ) : (
          <bdi>
            {file.name}, {formatBytes(file.size)}
          </bdi>
        )}
      </span>
      <input
        ref={input}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-label={`File with ${kind.title.toLowerCase()}`}
        accept={kind.forms.map(({ form }) => `.${form}`).join(',')}
        onChange={(event) => {
          onFile(event.currentTarget.files?.[0]);
          // The same file may be chosen again, after it was mended.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
