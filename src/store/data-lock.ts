import { AppError } from '#error';
import { FolderLock } from '#folder-lock';

/** A data directory taken for this process alone. */
export type DataLock = FolderLock;

/** Takes a data directory; throws `store-in-use` when a live process has it. */
export function takeDataDirectory(directory: string): DataLock {
  return FolderLock.take(directory, (pid) => {
    const sentence =
      pid === undefined
        ? `The lock of the data directory ${directory} changes hands all the time.`
        : `The data directory ${directory} is used by process ${pid}.`;
    return new AppError('store-in-use', sentence, { place: { file: directory } });
  });
}
