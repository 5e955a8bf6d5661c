import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#error';
import { Shelf, type Upload } from './shelf.ts';
import { writeTestDatabase } from './test-database.ts';
import { uploadPlaces } from './upload-kinds.ts';

const day = 86_400_000;
let now = Date.parse('2026-11-24T12:00:00Z');
let folder = '';
let shelf: Shelf;

beforeEach(() => {
  now = Date.parse('2026-11-24T12:00:00Z');
  folder = mkdtempSync(join(tmpdir(), 'shelf-'));
  shelf = new Shelf(folder, () => now);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* pieces(content: string | Buffer): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
}

function upload(kind: string, content: string | Buffer, name = '', form = 'csv'): Upload {
  return { kind, name, form, body: pieces(content) };
}

/** Code of what is thrown. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : `not told: ${String(thrown)}`;
  }
}

/** All files, hidden ones too. */
function files(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

const zones = 'cidr,zone\n10.20.0.0/16,server\n';
const otherZones = 'cidr,zone\n10.20.0.0/16,partner\n10.30.0.0/16,user\n';

test('every sample is a file that works, all of it read', async () => {
  for (const { kind, names, sample, forms } of uploadPlaces) {
    if (sample === undefined) continue;
    const form = sample.file.slice(sample.file.lastIndexOf('.') + 1);
    const preview = await shelf.preview(upload(kind, sample.text, names === 'must' ? 'sample' : '', form));
    expect([kind, preview.usable, preview.skipped, preview.unread]).toEqual([kind, true, 0, []]);
    expect(preview.accepted).toBeGreaterThan(0);
    expect(preview.rows.length).toBeGreaterThan(0);
    expect(forms).toContain(form);
  }
  expect(files()).toEqual([]);
});

test('a preview says which rows would be used, which not and why, and changes nothing', async () => {
  const text = 'CIDR;Zone;Colour\n10.0.0.0/8;server;red\nno address;user;blue\n;user;\n"=HYPERLINK(""x"")";"=1+1";\n';
  const preview = await shelf.preview(upload('zones', text));
  expect(preview).toMatchObject({
    file: 'zones.csv',
    usable: true,
    accepted: 1,
    skipped: 3,
    skippedRows: [
      { at: 3, reason: '"no address" is no address block' },
      { at: 4, reason: 'no cidr' },
      { at: 5, reason: '"=HYPERLINK("x")" is no address block' },
    ],
    unread: ['Colour'],
    columns: ['CIDR', 'Zone', 'Colour'],
    replaces: '',
  });
  // A formula is a text like any other.
  expect(preview.rows[3]).toEqual({ at: 5, cells: ['=HYPERLINK("x")', '=1+1', ''] });
  expect(files()).toEqual([]);
});

describe('putting a file in its place', () => {
  test('replaces it, keeps what was there, and brings it back', async () => {
    await shelf.put(upload('zones', zones), {});
    now += 1_000;
    await shelf.put(upload('zones', otherZones), {});
    expect(readFileSync(join(folder, 'zones.csv'), 'utf8')).toBe(otherZones);
    const [former] = (await shelf.list()).former;
    expect(former).toMatchObject({ kind: 'zones', name: '', form: 'csv', bytes: zones.length, keptAt: now });
    now += 1_000;
    await shelf.bringBack({ kind: 'zones', name: '' }, former?.id ?? '');
    expect(readFileSync(join(folder, 'zones.csv'), 'utf8')).toBe(zones);
    // Bringing back is taken back the same way.
    const [again] = (await shelf.list()).former;
    await shelf.bringBack({ kind: 'zones', name: '' }, again?.id ?? '');
    expect(readFileSync(join(folder, 'zones.csv'), 'utf8')).toBe(otherZones);
    expect((await shelf.list()).former).toHaveLength(1);
  });

  test('in another form takes the place of the one before', async () => {
    await shelf.put(upload('zones', zones, 'oslo'), {});
    await shelf.put(upload('zones', '[{"cidr": "10.0.0.0/8", "zone": "user"}]', 'oslo', 'json'), {});
    expect(files()).toEqual([expect.stringMatching(/^\.previous\/zones\.oslo\/\d{13}-0\.csv$/), 'zones-oslo.json']);
  });

  test('removed it is a former version, and comes back', async () => {
    await shelf.put(upload('intelligence', '203.0.113.9\n', 'scanners', 'txt'), {});
    const id = await shelf.remove({ kind: 'intelligence', name: 'scanners' });
    expect(existsSync(join(folder, 'intelligence/scanners.txt'))).toBe(false);
    await shelf.bringBack({ kind: 'intelligence', name: 'scanners' }, id);
    expect(readFileSync(join(folder, 'intelligence/scanners.txt'), 'utf8')).toBe('203.0.113.9\n');
    expect((await shelf.list()).former).toEqual([]);
  });

  test('the same data again is renewed; no version of it is kept', async () => {
    await shelf.put(upload('zones', zones), {});
    const [before] = (await shelf.list()).files;
    await shelf.put(upload('zones', zones), {});
    const { files: after, former } = await shelf.list();
    expect(former).toEqual([]);
    expect(after[0]?.state).not.toBe(before?.state);
  });

  test('other data of the same size and version is not the same', async () => {
    const [one, other] = ['z162025', 'z287569'].map((zone) => `cidr,zone\n10.20.0.0/16,${zone}\n`);
    const { version } = await shelf.put(upload('zones', one ?? ''), {});
    expect(await shelf.put(upload('zones', other ?? ''), {})).toMatchObject({ version, former: expect.any(String) });
  });

  test('holds up nobody who looks at what is there', async () => {
    let finish: () => void = () => {};
    const changing = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const slow = new Shelf(
      folder,
      () => now,
      () => changing,
    );
    const done = slow.put(upload('zones', zones), {});
    await expect.poll(async () => (await slow.list()).files).toHaveLength(1);
    finish();
    await done;
  });

  test('is refused when it, or what it replaces, is not what the preview showed', async () => {
    const preview = await shelf.preview(upload('zones', zones));
    expect(await codeOf(shelf.put(upload('zones', otherZones), preview))).toBe('enrichment-changed');
    await shelf.put(upload('zones', zones), preview);
    // Somebody else had the same idea.
    expect(await codeOf(shelf.put(upload('zones', zones), preview))).toBe('enrichment-changed');
    expect(files()).toEqual(['zones.csv']);
  });

  test('what cannot be used leaves what was there', async () => {
    await shelf.put(upload('zones', zones), {});
    expect(await codeOf(shelf.put(upload('zones', 'a,b\n1,2\n'), {}))).toBe('enrichment-upload-invalid');
    // It is shown all the same: that is how one sees why.
    expect(await shelf.preview(upload('zones', 'a,b\n1,2\n'))).toMatchObject({
      ...{ usable: false, columns: ['a', 'b'], rows: [{ at: 2, cells: ['1', '2'] }], unread: ['a', 'b'] },
    });
    expect(await shelf.preview(upload('intelligence', 'nowhere\n', 'x', 'txt'))).toMatchObject({
      ...{ usable: false, rows: [{ at: 1, cells: ['nowhere', '', '', '', ''] }] },
    });
    expect(await codeOf(shelf.put(upload('zones', ''), {}))).toBe('enrichment-upload-invalid');
    expect(files()).toEqual(['zones.csv']);
    expect(readFileSync(join(folder, 'zones.csv'), 'utf8')).toBe(zones);
  });

  test('a few versions are kept, for a month', async () => {
    for (let count = 0; count < 9; count++) {
      now += 1_000;
      await shelf.put(upload('zones', `${zones}10.${count}.0.0/16,user\n`), {});
    }
    expect((await shelf.list()).former).toHaveLength(5);
    now += 31 * day;
    expect((await shelf.list()).former).toEqual([]);
    // Looking changes nothing.
    expect(files()).toHaveLength(6);
    await shelf.tidy();
    expect(files()).toEqual(['zones.csv']);
  });

  test('a link in the folder is not followed, and not replaced', async () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, zones);
    symlinkSync(elsewhere, join(folder, 'zones.csv'));
    expect((await shelf.list()).files).toEqual([]);
    expect(await codeOf(shelf.remove({ kind: 'zones', name: '' }))).toBe('enrichment-upload-absent');
    expect(existsSync(elsewhere)).toBe(true);
  });

  test('the folder of a server that may not write there is told', async () => {
    writeFileSync(join(folder, 'file'), '');
    const broken = new Shelf(join(folder, 'file'));
    expect(await codeOf(broken.put(upload('zones', zones), {}))).toBe('enrichment-not-written');
    expect(await broken.list()).toMatchObject({ files: [], writable: false });
  });

  test('a folder that is not there yet can be written to when it can be made', async () => {
    const absent = new Shelf(join(folder, 'not/there/yet'));
    expect((await absent.list()).writable).toBe(true);
    await absent.put(upload('zones', zones), {});
    expect(files()).toEqual(['not/there/yet/zones.csv']);
    writeFileSync(join(folder, 'file'), '');
    expect((await new Shelf(join(folder, 'file/below')).list()).writable).toBe(false);
  });
});

describe('what is sent may be anything', () => {
  const names = [
    '..',
    '../x',
    'a/b',
    'a\\b',
    '.hidden',
    'a.b',
    '',
    ' ',
    'x\0y',
    'a'.repeat(64),
    'ä',
    '-x',
    'con\u202e',
  ];
  test.each(names)('the name %j makes no file elsewhere', async (name) => {
    for (const kind of ['intelligence', 'geography']) {
      const form = kind === 'geography' ? 'mmdb' : 'txt';
      expect(await codeOf(shelf.put(upload(kind, '203.0.113.9\n', name, form), {}))).toBe('enrichment-name-invalid');
      expect(await codeOf(shelf.remove({ kind, name }))).toBe('enrichment-name-invalid');
      expect(await codeOf(shelf.bringBack({ kind, name }, 'x'))).toBe('enrichment-name-invalid');
    }
    expect(files()).toEqual([]);
  });

  test.each([
    ['intelligence', 'lists', 'json'],
    ['intelligence', 'ignore', 'txt'],
    ['intelligence', 'ignore-own', 'txt'],
    ['intelligence', 'readme', 'txt'],
    ['geography', 'LICENSE', 'mmdb'],
    ['zones', '', 'mmdb'],
    ['zones', '', '../csv'],
    ['root-dns', 'second', 'txt'],
    ['constructor', '', 'csv'],
    ['__proto__', '', 'csv'],
  ])('%s "%s" in the form %s means something else, or nothing', async (kind, name, form) => {
    expect(await codeOf(shelf.put(upload(kind, zones, name, form), {}))).toBe('enrichment-name-invalid');
    expect(files()).toEqual([]);
  });

  test('ids of versions lead nowhere but to versions', async () => {
    await shelf.put(upload('zones', zones), {});
    for (const id of ['../../zones.csv', '', '.', '1795514400000-0.csv', '__proto__']) {
      expect(await codeOf(shelf.bringBack({ kind: 'zones', name: '' }, id))).toBe('enrichment-upload-absent');
    }
    expect(files()).toEqual(['zones.csv']);
  });

  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const laughs = `a: &a [x,x]\n${[...'bcdefghij'].map((letter, index) => `${letter}: &${letter} [${`*${'abcdefghij'[index]},`.repeat(9)}]`).join('\n')}\n`;
  test.each<[string, string, string, string | Buffer]>([
    ['binary garbage', 'zones', 'csv', Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 7_919) % 256))],
    ['UTF-16', 'zones', 'csv', Buffer.from(`\ufeff${zones}`, 'utf16le')],
    ['an open quote', 'zones', 'csv', `cidr,zone\n"10.0.0.0/8,server\n${'x\n'.repeat(1_000)}`],
    ['very deep JSON', 'zones', 'json', deep],
    ['deep YAML', 'zones', 'yaml', '['.repeat(50_000)],
    ['YAML that unfolds', 'zones', 'yaml', laughs],
    ['YAML that holds itself', 'zones', 'yaml', '&a\n- cidr: *a\n  zone: *a\n'],
    ['a list of lists', 'assets', 'json', '[[1],[2]]'],
    ['gzip', 'intelligence', 'txt', Buffer.from('1f8b080000000000000003', 'hex')],
    ['a picture as a database', 'geography', 'mmdb', Buffer.from('89504e470d0a1a0a', 'hex')],
  ])('%s is refused, and nothing is left', async (_, kind, form, content) => {
    const name = kind === 'intelligence' || kind === 'geography' ? 'x' : '';
    const preview = await shelf.preview(upload(kind, content, name, form));
    expect(preview.usable).toBe(false);
    expect(preview.reason).toMatch(/\.$/);
    expect(preview.reason).not.toContain(folder);
    expect(await codeOf(shelf.put(upload(kind, content, name, form), {}))).toBe('enrichment-upload-invalid');
    expect(files()).toEqual([]);
  });

  test('what is too large is refused as soon as that is known', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(1_048_576);
    }
    const sent: Upload = { kind: 'zones', name: '', form: 'yaml', body: endless() };
    expect(await codeOf(shelf.preview(sent))).toBe('enrichment-upload-too-large');
    expect(await codeOf(shelf.preview({ ...sent, length: 1e12 }))).toBe('enrichment-upload-too-large');
    expect(files()).toEqual([]);
  });

  test('a body that breaks off leaves nothing', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(zones);
      throw new Error('gone');
    }
    expect(await codeOf(shelf.put({ kind: 'zones', name: '', form: 'csv', body: broken() }, {}))).toBe(
      'enrichment-not-written',
    );
    expect(files()).toEqual([]);
  });

  test('a database is shown by what it says', async () => {
    const database = writeTestDatabase({
      type: 'Test-Country',
      built: '2026-11-20',
      records: { '8.0.0.0/8': { country: { iso_code: 'US' } } },
    });
    const preview = await shelf.preview(upload('geography', database, 'country', 'mmdb'));
    expect(preview).toMatchObject({
      usable: true,
      file: 'geography/country.mmdb',
      database: { label: 'Test-Country@2026-11-20', builtAt: Date.parse('2026-11-20') },
    });
    expect(preview.rows.map(({ cells }) => cells.slice(0, 2))).toEqual([['8.1.1.1', 'US']]);
  });

  test('files of other names in the folder are nobody’s to replace', async () => {
    mkdirSync(join(folder, 'geography'));
    for (const name of ['zones.x.csv', 'geography/a b.mmdb', 'own.mmdb', 'notes.md'])
      writeFileSync(join(folder, name), '');
    writeFileSync(join(folder, 'assets-oslo.csv'), 'ip\n10.0.0.1\n');
    expect((await shelf.list()).files.map(({ kind, name }) => [kind, name])).toEqual([['assets', 'oslo']]);
  });
});
