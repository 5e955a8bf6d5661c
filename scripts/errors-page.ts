import { errorKinds } from '#error';

const exits: Readonly<Record<number, string>> = {
  1: 'found nothing, or finished with rejects',
  2: 'wrong use',
  3: 'could not',
};

/** Writes `docs/errors.md` from the table of error codes. */
export function errorsPage(): string {
  const rows = Object.entries(errorKinds).map(
    ([code, kind]) => `| \`${code}\` | ${kind.about} | ${kind.hint} | ${kind.exit} | ${kind.status} |`,
  );
  return [
    '# Errors',
    '',
    'Written by `npm run docs` from `src/error.ts`; do not edit.',
    '',
    'Every failure has a stable code, one sentence, the place, and what to do about it. On the command line it is printed',
    'to stderr and decides the exit status; the API answers with it as JSON and the HTTP status.',
    '',
    `Exit statuses: 0 done; ${Object.entries(exits)
      .map(([exit, about]) => `${exit} ${about}`)
      .join('; ')}.`,
    '',
    '| code | when | what to do | exit | HTTP |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
