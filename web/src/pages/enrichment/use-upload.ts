import { useEffect, useRef, useState } from 'react';
import {
  type ContextKind,
  type FileName,
  previewFile,
  putFile,
  type UploadDone,
  type UploadPreview,
} from '../../api/enrichment.ts';
import { formOf, suggestName } from './upload-file.ts';

/** Where an upload is. */
export type UploadStep =
  | { readonly at: 'choosing' }
  | { readonly at: 'sending'; readonly share: number }
  | { readonly at: 'shown'; readonly preview: UploadPreview }
  | { readonly at: 'failed'; readonly error: unknown };

/** An upload: a file, the name it is to have, and where it is on its way. */
interface UploadState {
  readonly file: File | undefined;
  readonly name: string;
  readonly step: UploadStep;
  /** Why the file cannot even be sent. */
  readonly problem: string | undefined;
  readonly choose: (file: File | undefined) => void;
  readonly rename: (name: string) => void;
  /** Sends the file, to see what would come of it. */
  readonly look: () => void;
  readonly put: (preview: UploadPreview) => void;
}

interface Sending {
  readonly file: File;
  readonly form: string;
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

const choosing: UploadStep = { at: 'choosing' };

/** Keeps an upload; one step at a time, each giving up the one before. */
export function useUpload(
  kind: ContextKind,
  target: FileName,
  onDone: (done: UploadDone, name: FileName) => void,
): UploadState {
  const [file, setFile] = useState<File>();
  const [name, setName] = useState(target.name);
  const [step, setStep] = useState<UploadStep>(choosing);
  const [problem, setProblem] = useState<string>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function send(chosen: File, work: (sending: Sending) => Promise<void>): Promise<void> {
    running.current?.abort();
    const form = formOf(kind, chosen);
    setProblem('problem' in form ? form.problem : undefined);
    setStep(choosing);
    if ('problem' in form) return;
    running.current = new AbortController();
    const { signal } = running.current;
    const onProgress = (share: number): void => {
      if (!signal.aborted) setStep({ at: 'sending', share });
    };
    onProgress(0);
    try {
      await work({ file: chosen, form: form.form, signal, onProgress });
    } catch (error) {
      if (!signal.aborted) setStep({ at: 'failed', error });
    }
  }

  function lookAs(chosen: File, as: string): void {
    if (as === '' && kind.names === 'must') {
      setStep(choosing);
      setProblem('Give it a name first.');
      return;
    }
    void send(chosen, async (sending) => {
      const preview = await previewFile({ kind: kind.kind, name: as }, sending);
      if (!sending.signal.aborted) setStep({ at: 'shown', preview });
    });
  }

  return {
    file,
    name,
    step,
    problem,
    choose(chosen) {
      if (chosen === undefined) return;
      const suggested = name === '' && kind.names === 'must' ? suggestName(chosen.name) : name;
      setFile(chosen);
      setName(suggested);
      lookAs(chosen, suggested);
    },
    rename(next) {
      running.current?.abort();
      setName(next);
      setProblem(undefined);
      setStep(choosing);
    },
    look() {
      if (file !== undefined) lookAs(file, name);
    },
    put(preview) {
      if (file === undefined) return;
      const as = { kind: kind.kind, name };
      void send(file, async (sending) => onDone(await putFile(as, sending, preview), as));
    },
  };
}
