/**
 * Reads the part of STIX 2.1 patterns that a list of addresses needs (taxonomy §10): `=`, `IN` and `ISSUBSET`, joined by
 * OR, in one observation or in several that are joined by OR. Anything that narrows (AND, FOLLOWEDBY, NOT, qualifiers) is
 * not matchable: to leave the condition out would accuse the innocent.
 */
export interface StixPattern {
  /** Values compared with `ipv4-addr:value` or `ipv6-addr:value`. */
  readonly addresses: readonly string[];
  /** Comparisons with anything else. */
  readonly others: number;
}

/** Longest pattern that is read, in UTF-16 units. */
const patternLengthMax = 1_000_000;

// One token: a quoted text, a bracket, a comma, an operator, or a word; each is found in linear time.
const token = /\s*(?:'((?:[^'\\]|\\.)*)'|([[\](),=])|([^\s[\](),='<>!]+)|([<>!]=?))/y;

/** Gives the comparisons of a pattern; undefined when it is not matchable. */
export function readStixPattern(pattern: string): StixPattern | undefined {
  if (pattern.length > patternLengthMax) return undefined;
  const tokens = tokenize(pattern.trimEnd());
  return tokens === undefined ? undefined : new Parser(tokens).read();
}

type Token = { readonly kind: 'text' | 'word'; readonly value: string };

function tokenize(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < pattern.length) {
    const match = token.exec(pattern);
    if (match === null) return undefined;
    const [, text, mark, word, operator] = match;
    if (text !== undefined) tokens.push({ kind: 'text', value: text.replace(/\\(.)/g, '$1') });
    else tokens.push({ kind: 'word', value: mark ?? word ?? operator ?? '' });
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  readonly #addresses: string[] = [];
  #others = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): StixPattern | undefined {
    do if (!this.#observation()) return undefined;
    while (this.#take('OR'));
    return this.#at === this.#tokens.length ? { addresses: this.#addresses, others: this.#others } : undefined;
  }

  #observation(): boolean {
    if (!this.#take('[')) return false;
    do if (!this.#comparison()) return false;
    while (this.#take('OR'));
    return this.#take(']');
  }

  #comparison(): boolean {
    const path = this.#tokens[this.#at];
    if (path?.kind !== 'word') return false;
    this.#at++;
    const values = this.#take('IN')
      ? this.#set()
      : this.#take('=') || this.#take('ISSUBSET')
        ? this.#single()
        : undefined;
    if (values === undefined) return false;
    if (/^ipv[46]-addr:value$/i.test(path.value)) this.#addresses.push(...values);
    else this.#others += values.length;
    return true;
  }

  #set(): readonly string[] | undefined {
    if (!this.#take('(')) return undefined;
    const values: string[] = [];
    do {
      const value = this.#single();
      if (value === undefined) return undefined;
      values.push(...value);
    } while (this.#take(','));
    return this.#take(')') ? values : undefined;
  }

  #single(): readonly string[] | undefined {
    const value = this.#tokens[this.#at];
    if (value?.kind !== 'text') return undefined;
    this.#at++;
    return [value.value];
  }

  /** Takes a mark, or a keyword in any case. */
  #take(word: string): boolean {
    const next = this.#tokens[this.#at];
    if (next?.kind !== 'word' || next.value.toUpperCase() !== word) return false;
    this.#at++;
    return true;
  }
}
