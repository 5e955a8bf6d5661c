import { AppError } from '#error';
import { encodeText } from '#event';

/** A value for the engine's `{name:Type}`. */
export type ParameterValue = string | readonly string[];

/** Bytes all parameters of one query may take, for a server gets them in its URL. */
const parameterBytesMax = 512 * 1024;

/** Collects the values of one query; equal ones share a name. */
export class Parameters {
  readonly values: Record<string, ParameterValue> = {};
  readonly types: Record<string, string> = {};
  readonly #prefix: string;
  readonly #names: Map<string, string> = new Map();
  #bytes = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Takes a value in and gives the text that stands for it. The type is ours, never the user's. */
  add(type: string, value: ParameterValue): string {
    const key = `${type} ${JSON.stringify(value)}`;
    let name = this.#names.get(key);
    if (name === undefined) {
      name = `${this.#prefix}${this.#names.size}`;
      this.#names.set(key, name);
      this.values[name] = value;
      this.types[name] = type;
      this.#bytes += key.length;
      if (this.#bytes > parameterBytesMax) {
        throw new AppError('query-too-large', 'the values of the query are too large together');
      }
    }
    return `{${name}:${type}}`;
  }

  /** A text. One that is not well-formed stands as its bytes in hexadecimal, for no parameter can carry it. */
  text(value: string): string {
    if (isWellFormed(value)) return this.add('String', value);
    return `unhex(${this.add('String', encodeText(value).toString('hex'))})`;
  }

  /** Texts, as an array. */
  texts(values: readonly string[]): string {
    if (values.every(isWellFormed)) return this.add('Array(String)', values);
    const hex = values.map((value) => encodeText(value).toString('hex'));
    return `arrayMap(element -> unhex(element), ${this.add('Array(String)', hex)})`;
  }
}

/** Whether no surrogate stands alone. */
export function isWellFormed(text: string): boolean {
  return !/[\ud800-\udfff]/u.test(text);
}
