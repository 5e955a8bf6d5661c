import { queryOptions } from '@tanstack/react-query';
import { getEnrollmentTokens } from '../../api/fleet-enrollment.ts';

/** Tokens of a page of the list. */
export const pageTokens = 50;

/** Asks for a page of the list, the newest first. */
export function tokensQuery(page: number) {
  return queryOptions({
    queryKey: ['enrollment-tokens', page],
    queryFn: ({ signal }) => getEnrollmentTokens(page * pageTokens, pageTokens, signal),
  });
}
