import { describe, expect, test } from 'vitest';
import { foldDn } from '#event';
import { readIdentities } from './identities.ts';
import { IdentityBook, type IdentityFacts } from './identity-book.ts';
import { readNames } from './name-list.ts';
import { SourceSets } from './source-sets.ts';
import { testContent } from './test-content.ts';

const suffix = 'dc=example,dc=com';

function factsOf(book: IdentityBook, dn: string): IdentityFacts {
  const [facts] = book.find(foldDn(dn) ?? expect.fail(`no DN: ${dn}`));
  return facts ?? expect.fail('the last facts always hold');
}

const empty = new IdentityBook([], [], new SourceSets());

describe('the kind of an identity shows in its DN', () => {
  test.each([
    ['cn=Directory Manager', 'root'],
    ['cn=replication manager,cn=config', 'replication'],
    ['cn=Replication Manager', 'replication'],
    [`fqdn=a.example.com,cn=computers,cn=accounts,${suffix}`, 'host'],
    [`krbprincipalname=HTTP/a.example.com@EXAMPLE.COM,cn=services,cn=accounts,${suffix}`, 'service'],
    [`uid=sudo,cn=sysaccounts,cn=etc,${suffix}`, 'service'],
    ['uid=pwsync,cn=config', 'service'],
    [`cn=wiki,ou=services,${suffix}`, 'service'],
    [`uid=mail,ou=Apps,${suffix}`, 'service'],
    ['cn=MemberOf Plugin,cn=plugins,cn=config', 'service'],
    [`uid=alice,cn=users,cn=accounts,${suffix}`, 'person'],
    [`uid=alice,ou=people,${suffix}`, 'person'],
    ['', 'anonymous'],
    [`ou=people,${suffix}`, 'unknown'],
    [`cn=admins,ou=groups,${suffix}`, 'unknown'],
    // Only right below: this is not the container of FreeIPA.
    [`uid=x,cn=users,cn=other,${suffix}`, 'unknown'],
    ['cn=directory manager,dc=evil', 'unknown'],
  ])('%s is %s', (dn, kind) => expect(factsOf(empty, dn).kind).toBe(kind));

  test('and root, replication and the ruler of a realm are privileged', () => {
    expect(factsOf(empty, 'cn=directory manager').privileged).toBe(true);
    expect(factsOf(empty, 'cn=replication manager,cn=config').privileged).toBe(true);
    expect(factsOf(empty, `uid=admin,cn=users,cn=accounts,${suffix}`).privileged).toBe(true);
    expect(factsOf(empty, `uid=alice,ou=people,${suffix}`).privileged).toBeUndefined();
  });

  test('and so are the groups that make others privileged', () => {
    expect(factsOf(empty, `cn=Admins,cn=groups,cn=accounts,${suffix}`).privileged).toBe(true);
    expect(factsOf(empty, `cn=Directory Administrators,${suffix}`).privileged).toBe(true);
    expect(factsOf(empty, `cn=staff,ou=groups,${suffix}`).privileged).toBeUndefined();
    expect(factsOf(empty, `uid=admins,ou=people,${suffix}`).privileged).toBeUndefined();
  });

  test('lists name other root DNs and replicas', () => {
    const lists = [
      readNames(testContent('root-dns.txt', '# ours\ncn=boss\n'), 'root-dns'),
      readNames(testContent('replica-dns.txt', `uid=REPL, ou=system,${suffix}\n`), 'replica-dns'),
    ];
    const book = new IdentityBook([], lists, new SourceSets());
    expect(factsOf(book, 'cn=Boss').kind).toBe('root');
    expect(factsOf(book, 'cn=directory manager').kind).toBe('unknown');
    expect(factsOf(book, `uid=repl,ou=system,${suffix}`).kind).toBe('replication');
  });
});

describe('an identity list', () => {
  const csv = `dn,nsUniqueId,uid,displayName,mail,departmentNumber,memberOf,nsAccountLock,aliases
"uid=alice,ou=people,${suffix}",id-1,alice,Alice Example,alice@example.com,42,"cn=staff,ou=groups,${suffix}",false,"uid=alice.smith,ou=people,${suffix}"
"cn=Müller\\, Eva,ou=people,${suffix}",id-2,eva,Eva Müller,,,"cn=helpdesk,ou=groups,${suffix}|cn=staff,ou=groups,${suffix}",true,
,id-3,carol,Carol,,,,,
`;
  const groups = `dn,memberOf,members
"cn=helpdesk,ou=groups,${suffix}","cn=operators,ou=groups,${suffix}",
"cn=operators,ou=groups,${suffix}",,
"cn=admins,ou=groups,${suffix}",,"cn=operators,ou=groups,${suffix}; uid=alice.smith,ou=people,${suffix}"
"cn=loop,ou=groups,${suffix}","cn=loop,ou=groups,${suffix}",
`;

  async function book(privileged?: string): Promise<IdentityBook> {
    const tables = [
      await readIdentities(testContent('identities.csv', csv)),
      await readIdentities(testContent('groups.csv', groups)),
    ];
    const lists =
      privileged === undefined
        ? []
        : [readNames(testContent('privileged-groups.txt', privileged), 'privileged-groups')];
    return new IdentityBook(tables, lists, new SourceSets());
  }

  test('is found by any spelling of the DN', async () => {
    const facts = {
      id: 'id-1',
      name: 'Alice Example',
      mail: 'alice@example.com',
      department: '42',
      kind: 'person',
      disabled: false,
    };
    for (const dn of [
      `uid=alice,ou=people,${suffix}`,
      `UID=Alice , OU=People,${suffix}`,
      `uid=\\61lice,ou=people,${suffix}`,
    ]) {
      expect(factsOf(await book(), dn)).toMatchObject(facts);
    }
    expect(factsOf(await book(), `cn="Müller, Eva",ou=people,${suffix}`)).toMatchObject({ id: 'id-2', disabled: true });
  });

  test('keeps the id after a rename', async () => {
    expect(factsOf(await book(), `uid=alice.smith,ou=people,${suffix}`).id).toBe('id-1');
  });

  test('without a DN is found by uid, under any suffix', async () => {
    expect(factsOf(await book(), 'uid=Carol,ou=x,dc=other').id).toBe('id-3');
    // Where the list knows the DN, another DN with the same uid is somebody else.
    expect(factsOf(await book(), 'uid=alice,dc=other').id).toBeUndefined();
  });

  test('says who is privileged, through groups of groups', async () => {
    expect(factsOf(await book(), `cn="Müller, Eva",ou=people,${suffix}`).privileged).toBe(true);
    expect(factsOf(await book(), `uid=alice,ou=people,${suffix}`).privileged).toBe(false);
    expect(factsOf(await book('cn=staff\n'), `uid=alice,ou=people,${suffix}`).privileged).toBe(true);
    expect(factsOf(await book('staff\n'), `uid=alice,ou=people,${suffix}`).privileged).toBe(true);
    expect(factsOf(await book('cn=staff\n'), `cn="Müller, Eva",ou=people,${suffix}`).privileged).toBe(true);
    expect(factsOf(await book('cn=loop\n'), `uid=alice,ou=people,${suffix}`).privileged).toBe(false);
  });

  test('tells groups apart, which a DN does not', async () => {
    expect(factsOf(await book(), `cn=admins,ou=groups,${suffix}`)).toMatchObject({ kind: 'group', privileged: true });
  });

  test('names its source', async () => {
    const sources = factsOf(await book(), `uid=alice,ou=people,${suffix}`).by.names;
    expect(sources[0]).toMatch(/^identities@[\da-f]{8}$/);
    expect(factsOf(await book(), `uid=nobody,ou=people,${suffix}`).by.names).toEqual(['dn-patterns@1']);
  });

  test('holds while its period lasts', async () => {
    const table = await readIdentities(
      testContent(
        'identities.csv',
        `dn,id,validFrom,validUntil\n"uid=a,${suffix}",old,,2026-01-01\n"uid=a,${suffix}",new,2026-01-01,\n`,
      ),
    );
    const all = new IdentityBook([table], [], new SourceSets()).find(`uid=a,${suffix}`);
    expect(all.map((facts) => [facts.id, facts.from])).toEqual([
      ['new', Date.parse('2026-01-01')],
      ['old', Number.NEGATIVE_INFINITY],
      [undefined, Number.NEGATIVE_INFINITY],
    ]);
  });

  test('an id of its own counts before those of the directory', async () => {
    const table = await readIdentities(
      testContent('identities.csv', `dn,nsUniqueId,id,uid\n"uid=a,${suffix}",5a1f,p-1,a\n"uid=b,${suffix}",77c2,,b\n`),
    );
    const book = new IdentityBook([table], [], new SourceSets());
    expect(factsOf(book, `uid=a,${suffix}`).id).toBe('p-1');
    expect(factsOf(book, `uid=b,${suffix}`).id).toBe('77c2');
  });

  test.each(['dn\n"no dn"\n', 'mail\na@example.com\n'])('that names nobody is refused: %j', async (text) => {
    await expect(readIdentities(testContent('identities.csv', text))).rejects.toMatchObject({
      code: 'enrichment-file-invalid',
    });
  });
});
