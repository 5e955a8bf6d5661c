import type { TextTest, Wildcard } from '#query';
import { isWellFormed, type Parameters } from './parameters.ts';
import { escapeLiteral, patternExpression, phraseExpression } from './word-expression.ts';

/** Gives the SQL of a test on a text expression: a column, or the element of a list. */
export function textSql(test: TextTest, text: string, parameters: Parameters): string {
  const lower = `lowerUTF8(${text})`;
  switch (test.kind) {
    case 'equals':
      return oneOf(text, test.values, parameters);
    case 'equals-folded': {
      const plain = test.values.filter((value) => !hasSigma(value));
      const sigmas = test.values
        .filter(hasSigma)
        .map((value) => matches(lower, `^${escapeLiteral(value)}$`, parameters));
      return [...(plain.length === 0 ? [] : [oneOf(lower, plain, parameters)]), ...sigmas].join(' OR ');
    }
    case 'starts':
      return hasSigma(test.value)
        ? matches(lower, `^${escapeLiteral(test.value)}`, parameters)
        : `startsWith(${lower}, ${parameters.text(test.value)})`;
    case 'contains':
      return hasSigma(test.value)
        ? matches(lower, escapeLiteral(test.value), parameters)
        : `position(${lower}, ${parameters.text(test.value)}) > 0`;
    case 'pattern':
      return sifted(lower, test.parts, patternExpression(test.parts), parameters);
    case 'phrase':
      return sifted(lower, test.words, phraseExpression(test.words, test.open), parameters);
  }
}

/**
 * Searching for the longest literal piece is several times quicker than the expression, which then runs on what is
 * left.
 */
function sifted(
  lower: string,
  pieces: readonly (string | Wildcard)[],
  expression: string,
  parameters: Parameters,
): string {
  const exact = `match(${lower}, ${parameters.add('String', expression)})`;
  let longest = '';
  for (const piece of pieces) {
    if (typeof piece === 'string' && piece.length > longest.length && !hasSigma(piece) && isWellFormed(piece))
      longest = piece;
  }
  return longest === '' ? exact : `(position(${lower}, ${parameters.text(longest)}) > 0 AND ${exact})`;
}

/** Final sigma is another letter to the engine. */
function hasSigma(value: string): boolean {
  return value.includes('σ');
}

function oneOf(text: string, values: readonly string[], parameters: Parameters): string {
  const [first = ''] = values;
  return values.length === 1 ? `${text} = ${parameters.text(first)}` : `${text} IN ${parameters.texts(values)}`;
}

function matches(text: string, expression: string, parameters: Parameters): string {
  return `match(${text}, ${parameters.add('String', expression)})`;
}
