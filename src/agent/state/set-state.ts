import { parseMarks } from '#delivery';
import type { ReaderState, Source } from '#source';
import type { FileFacts } from '../file-system.ts';
import { type Carrier, createLogFile, type LogFile } from '../tail/log-file.ts';
import { LogSet } from '../tail/log-set.ts';
import { Ranges } from '../tail/ranges.ts';
import { countOf, type Fields, fieldsOf, isCount, listOf, numberOf, optional, textOf } from './fields.ts';

/** Version of the saved text. */
export const setStateVersion = 1;

/** What is saved of one log: how far each file of it was read, and what the reader knew there. */
export interface SetState {
  readonly set: LogSet;
  /** Id of the file the reader's state belongs to. */
  readonly current: string | undefined;
  readonly reader: ReaderState | undefined;
  /** Server starts that are known from elsewhere, epoch milliseconds. */
  readonly restarts: readonly number[];
  /** Time of the latest record, epoch milliseconds. */
  readonly latest: number | undefined;
}

/** Gives the text of a state. */
export function printSetState({ set, current, reader, restarts, latest }: SetState): string {
  return JSON.stringify({
    key: set.key,
    source: set.source.id,
    log: set.log,
    path: `${set.folder}/-`,
    born: set.born,
    files: set.files.map(printFile),
    current,
    reader,
    restarts,
    latest,
  });
}

/** Reads the text of a state. Throws `state-damaged`, or a `SyntaxError`. */
export function parseSetState(text: string, sources: readonly Source[]): SetState | undefined {
  const fields = fieldsOf(JSON.parse(text));
  const source = sources.find(({ id }) => id === fields['source']);
  // The program has the source no more; its state waits for it.
  if (source === undefined) return undefined;
  const set = new LogSet(textOf(fields['key']), source, textOf(fields['log']), textOf(fields['path']));
  for (const file of listOf(fields['files'])) set.add(parseFile(fieldsOf(file)));
  set.born = Math.max(set.born, countOf(fields['born']));
  return {
    set,
    current: optional(fields['current'], textOf),
    reader: optional(fields['reader'], readerStateOf),
    restarts: listOf(fields['restarts']).map(numberOf),
    latest: optional(fields['latest'], numberOf),
  };
}

function printFile(file: LogFile): object {
  const { id, stream, born, place, order, marks, position, covered, notBefore, done, lastSeen } = file;
  const carriers = file.carriers.map(({ path, facts, compressed }) => ({ path, facts, compressed }));
  return {
    id,
    stream,
    born,
    place,
    order,
    marks,
    position,
    covered: covered.all.filter(({ to }) => to > position),
    notBefore,
    done,
    lastSeen,
    carriers,
  };
}

function parseFile(fields: Fields): LogFile {
  return createLogFile({
    id: textOf(fields['id']),
    stream: textOf(fields['stream']),
    born: countOf(fields['born']),
    place: textOf(fields['place']),
    order: textOf(fields['order']),
    marks: parseMarks(fields['marks']),
    position: countOf(fields['position']),
    covered: new Ranges(
      listOf(fields['covered']).map((range) => {
        const { from, to } = fieldsOf(range);
        return { from: countOf(from), to: countOf(to) };
      }),
    ),
    notBefore: optional(fields['notBefore'], numberOf),
    done: fields['done'] === true,
    lastSeen: numberOf(fields['lastSeen']),
    carriers: listOf(fields['carriers']).map((carrier) => parseCarrier(fieldsOf(carrier))),
  });
}

function parseCarrier(fields: Fields): Carrier {
  const { device, inode, bytes, modified } = fieldsOf(fields['facts']);
  const facts: FileFacts = {
    device: numberOf(device),
    inode: numberOf(inode),
    bytes: countOf(bytes),
    modified: numberOf(modified),
    links: 1,
    kind: 'file',
  };
  const path = textOf(fields['path']);
  return {
    path,
    facts,
    compressed: fields['compressed'] === true,
    handle: undefined,
    gone: false,
    changed: false,
    unverified: true,
  };
}

function readerStateOf(value: unknown): ReaderState {
  const fields = fieldsOf(value);
  const { version } = fields;
  return { ...fields, version: isCount(version) ? version : 0 };
}
