import type { ProfileFit } from '../../api/fleet-profiles.ts';

/** Why a profile fits a host, in words. */
export function fitWords({ reason, by }: Pick<ProfileFit, 'reason' | 'by'>): string {
  if (reason === 'pinned') return 'given by hand';
  if (reason === 'default') return 'no other fits';
  return reason === 'tag' ? `tag ${by ?? ''}` : `name ${by ?? ''}`;
}
