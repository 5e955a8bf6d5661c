import { asAppError } from '#error';
import type { Finding } from './finding.ts';
import { catalogExists, openCatalogOf } from './open-catalog.ts';
import { formatCount } from './read-progress.ts';
import type { Settings } from './settings.ts';

/** Looks whether somebody can sign in. The link for the first administrator is shown by the server alone. */
export async function lookAtPeople(settings: Settings): Promise<Finding[]> {
  try {
    if (!catalogExists(settings)) return [];
    const catalog = await openCatalogOf(settings);
    try {
      const users = await catalog.users.count();
      if (users === 0) {
        return [
          {
            state: 'note',
            text: 'the link for the first administrator is not used yet',
            hint: '"meridian serve" prints it when it starts.',
          },
        ];
      }
      return [
        { state: 'good', text: `${formatCount(users)} ${users === 1 ? 'user' : 'users'} can sign in at the console` },
      ];
    } finally {
      await catalog.close();
    }
  } catch (thrown) {
    const { message, code, hint } = asAppError(thrown);
    return [{ state: 'bad', text: `${message} (${code})`, hint }];
  }
}
