import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from './discover-files.ts';

/** Whether files can be put into a folder; one that is not there yet is made in the nearest that is. */
export async function isWritable(folder: string): Promise<boolean> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    try {
      if (!(await stat(path)).isDirectory()) return false;
      await access(path, constants.W_OK | constants.X_OK);
      return true;
    } catch (thrown) {
      if (codeOf(thrown) !== 'ENOENT' || path === dirname(path)) return false;
    }
  }
}
