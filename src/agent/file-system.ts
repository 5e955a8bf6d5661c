/** What the file system says about a file. */
export interface FileFacts {
  readonly device: number;
  readonly inode: number;
  readonly bytes: number;
  /** When it was last written, epoch milliseconds. */
  readonly modified: number;
  /** Names it has in the file system; 0 once it was deleted. */
  readonly links: number;
  readonly kind: 'file' | 'folder' | 'other';
}

/** An open file. Every method throws `AppError` with a `file-…` code. */
export interface OpenFile {
  /** Reads into the whole buffer as far as there is content; gives the bytes read. */
  read(into: Buffer, position: number): Promise<number>;
  /** Writes all bytes. */
  write(bytes: Buffer, position: number): Promise<void>;
  /** Resolves when all that was written lies on the disk. */
  sync(): Promise<void>;
  /** Cuts the file to a length. */
  truncate(bytes: number): Promise<void>;
  facts(): Promise<FileFacts>;
  close(): Promise<void>;
}

/**
 * How a file is opened: `read` an existing one, `write` a new or existing one without emptying it, `create` a new or
 * emptied one.
 */
export type OpenMode = 'read' | 'write' | 'create';

/**
 * The only door through which the agent touches a disk: the real one, or one that fails, tears and delays at chosen
 * moments. Every method throws `AppError` with a `file-…` code, but for what does not exist where `undefined` says so.
 */
export interface FileSystem {
  open(path: string, mode: OpenMode): Promise<OpenFile>;
  /** Names in a folder, sorted; undefined when there is no such folder. */
  list(folder: string): Promise<readonly string[] | undefined>;
  /** Follows symbolic links; undefined when there is nothing. */
  facts(path: string): Promise<FileFacts | undefined>;
  /** The path without symbolic links; undefined when there is nothing. */
  realPath(path: string): Promise<string | undefined>;
  makeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; that there is none is fine. */
  remove(path: string): Promise<void>;
  /** Resolves when the names in a folder lie on the disk. */
  syncFolder(path: string): Promise<void>;
  /** Calls back when something in a folder changes, as far as the system tells; undefined where it cannot. */
  watch(folder: string, changed: (name: string | undefined) => void): FolderWatch | undefined;
}

/** A watch on a folder. */
export interface FolderWatch {
  close(): void;
}
