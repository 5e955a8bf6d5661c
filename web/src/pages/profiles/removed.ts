import type { Profile } from '../../api/fleet-profiles.ts';
import { createRemoved, type Removed } from '../../parts/removed.ts';

/** The profile that was deleted last. */
export const removedProfile: Removed<Profile> = createRemoved('profile');
