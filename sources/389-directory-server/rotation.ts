/** Words logrotate and the server put behind a log's name, and what they sort by. */
const suffixes: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  // The server: local time at which the file was begun (the server's own log formats, §6).
  // Two begun in one second differ in what follows.
  [/^(.+?)\.(\d{8}-\d{6})(?:\.(\d{1,6}))?$/, (match) => `1-${match[2]}-${(match[3] ?? '').padStart(6, '0')}`],
  [/^(.+?)-(\d{8})(?:-(\d{1,10}))?$/, (match) => `1-${match[2]}-${(match[3] ?? '').padStart(10, '0')}`],
  // logrotate numbers from the newest: the highest is the oldest.
  [/^(.+?)\.(\d{1,6})$/, (match) => `1-${String(999_999 - Number(match[2])).padStart(6, '0')}`],
];

/**
 * Tells to which log a file belongs, and where it stands among the files of that log: by its name alone, since copying
 * changes all times of a file. The live file is the last. Undefined for neighbours that are no logs.
 */
export function rotation(fileName: string): { readonly set: string; readonly order: string } | undefined {
  if (fileName.endsWith('.rotationinfo')) return undefined;
  const name = fileName.endsWith('.gz') ? fileName.slice(0, -3) : fileName;
  for (const [shape, order] of suffixes) {
    const match = shape.exec(name);
    if (match?.[1] !== undefined) return { set: match[1], order: order(match) };
  }
  return { set: name, order: '2' };
}
