import { expect, test } from 'vitest';
import type { ProfileContent } from '../../api/fleet-profile-content.ts';
import { cutWords, hostForm, tagForm } from '../../parts/words.ts';
import { checkDraft } from './check-draft.ts';
import { readDraftText, writeDraftText } from './draft-text.ts';
import { previewable } from './previewable.ts';
import {
  draftOf,
  emptyDraft,
  newBlackout,
  newCollector,
  newPath,
  newSource,
  type ProfileDraft,
  type ReadableSource,
  rowOfField,
  toggleLog,
  writeDraft,
} from './profile-draft.ts';
import { listOf, tellBlackout, tellProfile } from './tell-profile.ts';

const directory: ReadableSource = {
  id: '389-directory-server',
  product: '389 Directory Server',
  logs: [
    { name: 'access', about: '', usualPaths: ['/var/log/dirsrv/slapd-*/access*'] },
    { name: 'audit', about: '', usualPaths: ['/var/log/dirsrv/slapd-*/audit*'] },
  ],
};
const draft = (change: Partial<ProfileDraft> = {}): ProfileDraft => ({
  ...emptyDraft([directory]),
  name: 'A profile',
  ...change,
});
const withPaths = (...patterns: string[]): ProfileDraft =>
  draft({ sources: [{ ...newSource(directory), paths: patterns.map(newPath) }] });
const sentences = (of: ProfileDraft): string[] => checkDraft(of).map(({ sentence }) => sentence);

const saved: ProfileContent = {
  ...{ name: 'Saved', description: 'two\nlines', platform: 'linux', enabled: false, isDefault: true, priority: 3 },
  assets: { tags: ['a'], excludeTags: ['b'], hosts: ['*.example.com'], excludeHosts: ['x'] },
  profile: {
    sources: [
      {
        ...{ source: 'one', logs: ['access'], paths: ['/a', '/b'], format: 'json', start: '2026-11-24', zone: 'UTC' },
        encoding: 'utf-8',
      },
      { source: 'two', logs: ['x'], paths: ['/c'], format: 'auto', start: 'end', zone: '+01:00', encoding: 'utf-8' },
    ],
    collectors: [
      { kind: 'json-tcp', listen: '[::]:5514', source: 'one', log: 'access', zone: 'UTC', senders: ['192.0.2.0/24'] },
    ],
    limits: {
      ...{ batchRecords: 1, batchBytes: 65_536, intervalMs: 50, linesPerSecond: 5 },
      ...{ spoolBytes: 20_000_000, spoolAgeHours: 1 },
    },
    blackouts: [{ days: ['mon', 'sun'], from: '22:00', to: '06:00', zone: 'Europe/Berlin' }],
  },
};

test('a profile that is opened and saved is the same', () => {
  expect(writeDraft(draftOf(saved)).content).toEqual(saved);
  expect(checkDraft(draftOf(saved))).toEqual([]);
});

test('a new profile reads all logs where the packages put them, and lacks nothing but its name', () => {
  const fresh = emptyDraft([directory]);
  expect(writeDraft(fresh).content.profile.sources).toMatchObject([
    { logs: ['access', 'audit'], paths: ['/var/log/dirsrv/slapd-*/access*', '/var/log/dirsrv/slapd-*/audit*'] },
  ]);
  expect(checkDraft(fresh)).toMatchObject([{ step: 'general', field: 'name', missing: true }]);
});

test('usual paths follow the logs that are chosen; what somebody wrote stays', () => {
  const source = { ...newSource(directory), paths: [newPath('/mine'), newPath('/var/log/dirsrv/slapd-*/audit*')] };
  const patterns = (of: typeof source): string[] => of.paths.map(({ pattern }) => pattern);
  const less = toggleLog(source, 'audit', directory);
  expect([less.logs, patterns({ ...source, ...less, paths: [...less.paths] })]).toEqual([['access'], ['/mine']]);
  const more = toggleLog(less, 'audit', directory);
  expect([more.logs, more.paths.map(({ pattern }) => pattern)]).toEqual([
    ['access', 'audit'],
    ['/mine', '/var/log/dirsrv/slapd-*/audit*'],
  ]);
});

test('what the server says of a part is found in the row it was written in, whatever was left out before it', () => {
  const paths = [newPath(' '), newPath('/a'), newPath(''), newPath(' /b ')];
  const { content, rows } = writeDraft(draft({ sources: [{ ...newSource(directory), paths }] }));
  expect(content.profile.sources[0]?.paths).toEqual(['/a', '/b']);
  expect(rowOfField(rows, 'sources.0.paths.1')).toBe(paths[3]?.row);
  expect(rowOfField(rows, 'profile.sources.0.zone')).toBe(rowOfField(rows, 'sources.0'));
  expect(rowOfField(rows, 'name')).toBeUndefined();
});

test.each<[what: string, change: Partial<ProfileDraft>, said: RegExp]>([
  ['a long name', { name: 'x'.repeat(257) }, /256 characters/],
  ['two lines as a name', { name: 'a\nb' }, /one line/],
  ['no number', { priority: Number.NaN }, /1 to 1,000/],
  ['half a number', { priority: 1.5 }, /1 to 1,000/],
  ['no log', { sources: [{ ...newSource(directory), logs: [] }] }, /Choose a log/],
  ['no zone', { sources: [{ ...newSource(directory), zone: 'Nowhere' }] }, /time zone/],
  ['no date', { sources: [{ ...newSource(directory), start: 'date', startDate: 'then' }] }, /A date/],
  ['no port', { collectors: [{ ...newCollector(directory), listen: '0.0.0.0:99999' }] }, /address and a port/],
  ['no network', { collectors: [{ ...newCollector(directory), senders: ['1.2.3'] }] }, /no network/],
  ['too large a batch', { limits: { ...emptyDraft([]).limits, batchBytes: 9 * 1024 * 1024 } }, /From 64 to 8,192/],
  ['no day', { blackouts: [{ ...newBlackout(), days: [] }] }, /Choose a day/],
  ['no time', { blackouts: [{ ...newBlackout(), from: '25:00' }] }, /times of day/],
])('%s is told, once, and does not keep the rest from being looked at', (_what, change, said) => {
  const wrong = draft(change);
  expect(sentences(wrong)).toEqual([expect.stringMatching(said)]);
  expect(checkDraft(previewable(wrong, checkDraft(wrong)))).toEqual([]);
});

test('a pattern that stands twice, or none, is told where it is', () => {
  const twice = withPaths('/a', '/b', '/a');
  expect(checkDraft(twice)).toMatchObject([{ field: `paths ${twice.sources[0]?.paths[2]?.row}` }]);
  expect(checkDraft(withPaths('', ' '))).toMatchObject([{ missing: true }]);
  expect(writeDraft(previewable(twice, checkDraft(twice))).content.profile.sources[0]?.paths).toEqual(['/a', '/b']);
});

const host = (name: string, gets = true) => ({ agentId: name, name, tags: [], state: 'active', gets, fits: [] });
const told = (of: ProfileDraft, ...hosts: ReturnType<typeof host>[]): string =>
  tellProfile(of, [directory], {
    agents: hosts,
    total: hosts.length,
    gets: hosts.filter(({ gets }) => gets).length,
  }).join(' ');

test('a profile is told in words: files, hosts, from when, within what', () => {
  const one = draft({ tags: ['a', 'b'], excludeHosts: ['old*'] });
  expect(told(one, host('ldap1'), host('ldap2', false))).toBe(
    'Reads all logs of 389 Directory Server in /var/log/dirsrv/slapd-*/access* and /var/log/dirsrv/slapd-*/audit*, each from its beginning. Times without a zone are read as UTC. Is for hosts tagged a or b, but not those named old*. 1 host gets it now: ldap1. 1 other fits, but follows a profile that comes before priority 100. Sends what it reads within 1 second. While the server is away, up to 1 GiB or 7 days wait on the host; then reading stops, and nothing is lost.',
  );
});

test.each<[change: Partial<ProfileDraft>, hosts: string[], said: string]>([
  [{ sources: [] }, [], 'Reads nothing yet'],
  [{ tags: ['a'], enabled: false }, [], 'It is switched off'],
  [{}, [], 'Is for no host by itself'],
  [{ isDefault: true }, [], 'Is for hosts that no other profile fits. No host fits now.'],
  [{ tags: ['a'] }, ['1', '2', '3', '4', '5', '6'], '6 hosts get it now: 1, 2, 3 and 3 more.'],
  [
    { sources: [{ ...newSource(directory), start: 'end', logs: ['audit'] }] },
    [],
    'the audit log of 389 Directory Server',
  ],
  [
    { collectors: [newCollector(directory)] },
    [],
    'Receives access logs as syslog over TCP at 0.0.0.0:5514, from any host.',
  ],
  [{ blackouts: [newBlackout()] }, [], 'Reads nothing every day from 22:00 to 23:00 (UTC).'],
])('%j on %j: %s', (change, hosts, said) => {
  expect(told(draft(change), ...hosts.map((name) => host(name)))).toContain(said);
});

test('lists are short, and times of rest name the next day', () => {
  expect(listOf(['a'], 'and')).toBe('a');
  expect(listOf(['a', 'b', 'c', 'd'], 'or')).toBe('a, b, c or d');
  expect(listOf(['a', 'b', 'c', 'd', 'e'], 'and')).toBe('a, b, c and 2 more');
  expect(tellBlackout({ days: ['mon', 'fri'], from: '22:00', to: '06:00', zone: 'UTC' })).toBe(
    'Mon, Fri from 22:00 to 06:00 the next day (UTC)',
  );
});

test('words are cut at blanks and commas, and only tags and names are taken', () => {
  expect(cutWords(' a, b;c\n d ')).toEqual(['a', 'b', 'c', 'd']);
  expect(['a', 'env:prod', '-a', 'a b', 'ü', 'x'.repeat(65)].map((word) => tagForm.test(word))).toEqual([
    ...[true, true, false, false, false, false],
  ]);
  expect(['*.example.com', 'ldap1', 'a/b', ''].map((word) => hostForm.test(word))).toEqual([true, true, false, false]);
});

test('a draft that was begun is read again as it was, finished or not; other text is none', () => {
  const begun = draft({ priority: Number.NaN, collectors: [newCollector(directory)], blackouts: [newBlackout()] });
  const back = readDraftText(writeDraftText(begun));
  if (back === undefined) throw new Error('it is not read');
  expect(back.priority).toBeNaN();
  expect(writeDraft({ ...back, priority: 1 }).content).toEqual(writeDraft({ ...begun, priority: 1 }).content);
  // Rows are numbered anew: none may be that of another row of the page.
  const rowsOf = ({ sources, collectors, blackouts }: ProfileDraft): number[] =>
    [...sources, ...sources.flatMap(({ paths }) => paths), ...collectors, ...blackouts].map(({ row }) => row);
  expect(new Set([...rowsOf(begun), ...rowsOf(back)]).size).toBe(rowsOf(begun).length * 2);
  for (const text of ['', 'null', '{}', '{"name":"x"}']) expect(readDraftText(text)).toBeUndefined();
});
