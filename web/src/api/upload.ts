import type * as v from 'valibot';
import { Problem } from './problem.ts';
import { address, readAnswer, readFailure, unreachable, type Words } from './request.ts';

/** What is sent, and where. */
interface UploadOptions {
  readonly method: 'POST' | 'PUT';
  readonly words: Words;
  readonly file: Blob;
  readonly signal?: AbortSignal;
  /** Told how much has been sent, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** As long as the server waits for a body, and then some for looking at it. */
const waitMsMax = 300_000;

/** Sends a file as it is, and gives the answer. Throws a {@link Problem}, or what aborted the signal. */
export function upload<T>(path: string, schema: v.GenericSchema<unknown, T>, options: UploadOptions): Promise<T> {
  const { method, words, file, signal, onProgress } = options;
  // The one thing fetch cannot do is to say how much it has sent.
  const sending = new XMLHttpRequest();
  return new Promise<T>((resolve, reject) => {
    sending.open(method, address(path, words));
    sending.timeout = waitMsMax;
    sending.setRequestHeader('accept', 'application/json');
    sending.setRequestHeader('content-type', 'application/octet-stream');
    sending.upload.onprogress = ({ loaded, total }) => onProgress?.(total === 0 ? 1 : loaded / total);
    sending.onerror = () => reject(unreachable());
    sending.ontimeout = () => reject(tooSlow());
    sending.onabort = () => reject(new DOMException('Given up.', 'AbortError'));
    sending.onload = () => {
      const answer = new Response(sending.responseText, { status: sending.status });
      if (answer.ok) answer.json().then((value) => resolve(readAnswer(schema, value)), reject);
      else readFailure(answer).then(reject, reject);
    };
    signal?.addEventListener('abort', () => sending.abort(), { once: true });
    sending.send(file);
  });
}

function tooSlow(): Problem {
  return new Problem({
    code: 'answer-too-late',
    message: 'Sending the file took longer than five minutes.',
    hint: 'Put it into the enrichment folder of the server itself.',
    status: 0,
  });
}
