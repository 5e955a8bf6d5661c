import type { TUnsafe } from 'typebox';
import { Pointer, Value } from 'typebox/value';
import { AppError } from '#error';
import { type Clock, nearestNames, readQuestion } from '#query';
import type { YAMLError, YamlRefusal } from '#yaml';
import { checkWidget } from './check-widget.ts';
import {
  allTime,
  type Dashboard,
  documentKeys,
  documentSchema,
  usualWindow,
  type Widget,
  widgetForms,
  widgetKinds,
} from './document.ts';
import { type Explanation, explainFinding, unknownKey } from './explain-finding.ts';
import { dashboardLimits as limits } from './limits.ts';
import { type Lines, type LocatedReading, type LocatedText, locate, type TextRange } from './located-text.ts';
import { type DashboardProblem, errorOf, plainProblem, printPath, type Step } from './problem.ts';

/** What was found in a text: the dashboard when nothing is wrong, else what is. */
export type DashboardReading =
  | { readonly dashboard: Dashboard; readonly problems: readonly [] }
  | { readonly dashboard?: undefined; readonly problems: readonly DashboardProblem[] };

/** Only whether a date is one counts here; what "now" is does not. */
const clock: Clock = { now: 0, zone: 'UTC' };

/** Reads a dashboard from YAML. Throws `dashboard-invalid` with the first problem and its place. */
export function readDashboard(text: string): Dashboard {
  return openDashboard(text).dashboard;
}

/** Reads a dashboard, to change its text. Throws `dashboard-invalid` with the first problem and its place. */
export function openDashboard(text: string): { readonly dashboard: Dashboard; readonly located: LocatedText } {
  const reading = locate(text);
  const { dashboard, problems } = lookAt(reading);
  if (dashboard !== undefined && reading.refusal === undefined) return { dashboard, located: reading.located };
  const [first = plainProblem('The text is no dashboard.')] = problems;
  throw errorOf(first, problems.length - 1);
}

/** Reads a dashboard from YAML and tells all that is wrong with it. Never throws, whatever the text is. */
export function lookAtDashboard(text: string): DashboardReading {
  return lookAt(locate(text));
}

function lookAt(reading: LocatedReading): DashboardReading {
  if (reading.refusal !== undefined) return { problems: [refusalProblem(reading.lines, reading.refusal)] };
  return new Look(reading.located).read(reading.value);
}

/** Why a text is no YAML that is taken, as a problem. */
export function refusalProblem(lines: Lines, refusal: YamlRefusal): DashboardProblem {
  switch (refusal.why) {
    case 'too-long':
      return plainProblem(`The text is longer than ${limits.textLength} characters.`);
    case 'too-deep':
      return plainProblem('The text nests too deep.');
    case 'aliases':
      return plainProblem('The aliases of the text multiply or lead nowhere.');
    case 'syntax':
      // What follows the first slip is mostly its consequence.
      return yamlProblem(lines, refusal.errors[0]);
  }
}

/** YAML that is none. The commonest slip is a query, whose colons mean something to YAML, without quotes. */
function yamlProblem(lines: Lines, error: YAMLError): DashboardProblem {
  const [offset, end] = error.pos;
  const line = lineAt(lines.text, offset);
  const isQuery = /^\s*(?:- )?(?:query|part|title|about)\s*:\s*[^\s"'|>].*:/.test(line);
  return {
    code: 'dashboard-invalid',
    message: `This is no YAML: ${error.message.split('\n')[0]}.`.replace(/\.\.$/, '.'),
    hint: isQuery
      ? "A text with a colon needs quotes around it: query: 'outcome: failure'."
      : 'Look at the indentation, the quotes and the brackets around it.',
    path: '',
    ...lines.placeOf(offset),
    offset,
    length: Math.max(1, Math.min(end, offset + line.length) - offset),
  };
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const stop = text.indexOf('\n', start);
  return text.slice(start, stop === -1 ? undefined : stop);
}

/** One look at a text: gathers what is wrong. */
class Look {
  readonly #located: LocatedText;
  readonly #problems: DashboardProblem[] = [];

  constructor(located: LocatedText) {
    this.#located = located;
  }

  read(value: unknown): DashboardReading {
    const whole = this.#checkShape(documentSchema, value, [], documentKeys) ? value : undefined;
    const document = isRecord(value) ? value : {};
    const list = document['widgets'];
    const widgets = Array.isArray(list)
      ? list
          .slice(0, limits.widgets)
          .flatMap((one: unknown, at) => (this.#isFull ? [] : (this.#readWidget(one, at) ?? [])))
      : [];
    const window = this.#readWindow(document['window']);
    if (whole === undefined || this.#problems.length > 0) return { problems: this.#inOrder() };
    const { name, description = '' } = whole;
    return { dashboard: { name: name.trim(), description: description.trim(), window, widgets }, problems: [] };
  }

  #readWidget(value: unknown, at: number): Widget | undefined {
    const path = ['widgets', at];
    const kind = isRecord(value) ? widgetKinds.find((one) => one === value['kind']) : undefined;
    if (!isRecord(value) || kind === undefined) {
      this.#tellKind(value, path);
      return undefined;
    }
    // One label may stand for a list of one.
    const shaped = kind !== 'trend' && typeof value['by'] === 'string' ? { ...value, by: [value['by']] } : value;
    const { schema, keys } = widgetForms[kind];
    if (!this.#checkShape(schema, shaped, path, keys)) return undefined;
    const isBare = shaped !== value;
    return checkWidget(shaped, clock, (steps, error, text) => {
      const own = isBare && steps[0] === 'by' ? ['by'] : steps;
      this.#tellError([...path, ...own], error, text);
    });
  }

  #tellKind(value: unknown, path: readonly Step[]): void {
    const kind = isRecord(value) ? value['kind'] : undefined;
    const expected = widgetKinds.join(', ');
    if (typeof kind !== 'string') {
      const range = this.#located.rangeOf(path);
      this.#tell({ message: 'A widget needs a "kind".', hint: `Kinds are ${expected}.`, expected, path, range });
      return;
    }
    const [near] = nearestNames(kind, widgetKinds);
    this.#tell({
      message: `There is no kind "${kind.slice(0, 64)}".`,
      hint: near === undefined ? `Kinds are ${expected}.` : `Did you mean "${near}"?`,
      found: kind.slice(0, 64),
      expected: near ?? expected,
      path: [...path, 'kind'],
      range: this.#located.rangeOf([...path, 'kind']),
    });
  }

  #readWindow(value: unknown): string {
    if (typeof value !== 'string') return usualWindow;
    const text = value.trim();
    if (text === allTime) return '';
    try {
      readQuestion({ q: '', from: text, zone: 'UTC' }, clock.now);
    } catch (thrown) {
      const hint = `Write a beginning such as now-24h or 2026-11-24, or "${allTime}".`;
      const message = `"${text.slice(0, 64)}" is no date.`;
      const expected = thrown instanceof AppError ? thrown.place?.expected : undefined;
      const range = this.#located.rangeOf(['window']);
      this.#tell({ message, hint, path: ['window'], range, ...(expected === undefined ? {} : { expected }) });
    }
    return text;
  }

  /** Tells what of a value is not as the schema has it; true when all is. */
  #checkShape<T>(schema: TUnsafe<T>, value: unknown, base: readonly Step[], known: readonly string[]): value is T {
    if (Value.Check(schema, value)) return true;
    // A check tells only its first few findings: keys nobody knows are none of them, so that they hide no other.
    const entries = isRecord(value) ? Object.entries(value) : [];
    const unknown = entries.filter(([key]) => !known.includes(key));
    for (const [key] of unknown.slice(0, limits.problems)) this.#tellExplained(base, unknownKey(key, known));
    const rest = unknown.length === 0 ? value : Object.fromEntries(entries.filter(([key]) => known.includes(key)));
    for (const finding of Value.Errors(schema, rest)) {
      const path = [...base, ...stepsOf(finding.instancePath)];
      for (const one of explainFinding(finding, Pointer.Get(rest, finding.instancePath)))
        this.#tellExplained(path, one);
    }
    return false;
  }

  #tellExplained(path: readonly Step[], { key, ...explained }: Explanation): void {
    if (this.#isFull) return;
    const range = key === undefined ? this.#located.rangeOf(path) : this.#located.keyRangeOf(path, key);
    this.#tell({ ...explained, path: key === undefined ? path : [...path, key.slice(0, 64)], range });
  }

  #tellError(path: readonly Step[], error: AppError, text: string): void {
    const { offset, found, expected } = error.place ?? {};
    const range = offset === undefined ? this.#located.rangeOf(path) : this.#located.placeInValue(path, text, offset);
    const message = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}`;
    this.#tell({
      code: error.code,
      message: message.endsWith('.') ? message : `${message}.`,
      hint: error.hint,
      path,
      range,
      ...(found === undefined ? {} : { found }),
      ...(expected === undefined ? {} : { expected }),
    });
  }

  #tell(problem: {
    readonly code?: string;
    readonly message: string;
    readonly hint: string;
    readonly path: readonly Step[];
    readonly range: TextRange;
    readonly found?: string;
    readonly expected?: string;
  }): void {
    if (this.#isFull) return;
    const { range, code = 'dashboard-invalid', ...rest } = problem;
    const path = printPath(problem.path);
    this.#problems.push({ code, ...rest, path, ...this.#located.lines.placeOf(range.offset), ...range });
  }

  /** Where a place is looked for is linear in the text: nothing more is, once no more is told. */
  get #isFull(): boolean {
    return this.#problems.length >= limits.problems;
  }

  /** In the order of the text. */
  #inOrder(): readonly DashboardProblem[] {
    if (this.#problems.length === 0) return [plainProblem('The text is no dashboard.')];
    return this.#problems.sort((one, other) => one.offset - other.offset);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stepsOf(pointer: string): readonly Step[] {
  return Pointer.Indices(pointer).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
