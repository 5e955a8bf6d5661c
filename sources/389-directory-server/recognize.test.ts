import { describe, expect, test } from 'vitest';
import { recognize } from './recognize.ts';
import { rotation } from './rotation.ts';

const title = '\t389-Directory/2.6.1 B2025.034.0512\n\tldap1.example.com:636 (/etc/dirsrv/slapd-EXAMPLE)\n\n';
const header =
  '{"header":{"version":"389-Directory\\/3.1.3 B2025.176.0000","instance":"ldap1.example.com:636 (\\/etc\\/dirsrv\\/slapd-EXAMPLE)"}}\n';
const time = '[07/Mar/2025:09:15:02.004512345 +0100]';

describe('recognized', () => {
  test.each([
    ['access', 'text', `${title}${time} conn=41 fd=66 slot=66 connection from 192.0.2.10 to 192.0.2.1\n`],
    ['access', 'text', `${time} conn=41 op=1 UNBIND\n`],
    [
      'access',
      'json',
      `${header}{"local_time":"2025-09-07T09:15:02.004512345 +0100","operation":"UNBIND","key":"1757232902-41","conn_id":41}\n`,
    ],
    [
      'access',
      'json-pretty',
      '{\n  "local_time":"2025-09-07T09:15:02.004512345 +0100",\n  "operation":"UNBIND",\n  "conn_id":41\n}\n',
    ],
    [
      'security',
      'json',
      '{ "date": "[07\\/Mar\\/2025:09:15:03.003512345 +0100] ", "utc_time": "1741335303.003512345", "event": "BIND_SUCCESS" }\n',
    ],
    ['audit', 'ldif', `${title}time: 20250307091505\ndn: dc=a\nresult: 0\nchangetype: modify\n`],
    ['audit', 'ldif', 'time: 20250307091505\ndn: dc=a\nchangetype: modify\n'],
    ['auditfail', 'ldif', 'time: 20250307091505\ndn: dc=a\nresult: 32\nchangetype: modify\n'],
    [
      'audit',
      'json',
      `${header}{"gm_time":"2025-03-07T08:15:05Z","local_time":"2025-03-07T09:15:05Z","target_dn":"dc=a","result":0,"delete":{"dn":"dc=a"}}\n`,
    ],
    ['auditfail', 'json', '{"gm_time":"2025-03-07T08:15:05Z","target_dn":"dc=a","result":50,"delete":{"dn":"dc=a"}}\n'],
    ['audit', 'json-pretty', '{\n  "gm_time":"2025-03-07T08:15:05Z",\n  "target_dn":"dc=a",\n  "result":0\n}\n'],
    ['error', 'text', `${title}${time} - INFO - main - slapd stopped.\n`],
    ['error', 'text', '[05/Feb/2013:09:16:02 +0100] NSMMReplicationPlugin - agmt="cn=x" (h:389): text\n'],
    ['error', 'text', `Mar 07 09:15:02 ldap1 ns-slapd[812]: ${time} - INFO - main - slapd stopped.\n`],
    [
      'error',
      'json',
      '{"local_time":"2025-09-07T09:00:01.004512345 +0100","severity":"INFO","subsystem":"slapd_daemon","msg":"x"}\n',
    ],
  ])('%s %s', (log, format, text) => {
    expect(recognize(Buffer.from(text))).toMatchObject({ log, format });
  });

  test('by a title alone, with little confidence', () => {
    expect(recognize(Buffer.from(title))?.confidence).toBeLessThan(0.5);
  });

  test('in the middle of a log, whose first line is the end of a record', () => {
    expect(recognize(Buffer.from(`ou=people" attrs=ALL\n${time} conn=41 op=1 UNBIND\n`))).toMatchObject({
      log: 'access',
    });
    expect(
      recognize(
        Buffer.from('telephoneNumber: 1\n-\n\ntime: 20250307091505\ndn: dc=a\nresult: 0\nchangetype: delete\n'),
      ),
    ).toMatchObject({ log: 'audit' });
  });
});

describe('not ours', () => {
  test.each([
    ['nothing', ''],
    ['binary', '\0\0\0\x01\0\0\0'.repeat(100)],
    [
      'the list of rotated logs',
      'LOGINFO:Log file created at: 07/Mar/2025:09:00:00 (1741334400)\nLOGINFO:Previous Log File:/var/log/dirsrv/slapd-EXAMPLE/access.20250306-090000 (1741248000) (104857600)\n',
    ],
    [
      'OpenDJ access',
      `[07/Mar/2025:09:15:02 +0100] CONNECT conn=41 from=192.0.2.10:51234 to=192.0.2.1:389 protocol=LDAP\n[07/Mar/2025:09:15:02 +0100] BIND REQ conn=41 op=0 msgID=1 version=3 type=SIMPLE dn="cn=Directory Manager"\n`,
    ],
    [
      'OpenDJ errors',
      '[07/Mar/2025:09:15:02 +0100] category=CORE severity=NOTICE msgID=458886 msg=The Directory Server has started\n',
    ],
    [
      'Oracle DSEE access',
      '[07/Mar/2025:09:15:02 +0100] conn=41 op=-1 msgId=-1 - fd=20 slot=20 LDAP connection from 192.0.2.10 to 192.0.2.1\n',
    ],
    ['OpenLDAP', 'Mar  7 09:15:02 ldap1 slapd[812]: conn=1000 op=0 BIND dn="cn=admin,dc=example,dc=com" method=128\n'],
    ['an administration server', '[07/Jun/2005:08:33:50] info ( 2400): successful server startup\n'],
    ['Apache access', '192.0.2.10 - - [07/Mar/2025:09:15:02 +0100] "GET / HTTP/1.1" 200 1\n'],
    ['Apache errors', '[Fri Mar 07 09:15:02.029902 2025] [core:notice] [pid 1] AH00094: Command line\n'],
    [
      'JSON of something else',
      '{"timestamp":"2025-03-07T08:15:05Z","event":"login","severity":"high","operation":"x"}\n',
    ],
    ['an LDIF file', 'dn: dc=example,dc=com\nobjectClass: domain\ntime: 20250307091505\n'],
    ['prose', 'Dear all,\nthe server is down.\n'],
  ])('%s', (_what, text) => {
    expect(recognize(Buffer.from(text))).toBeUndefined();
  });
});

describe('names of rotated files', () => {
  test.each([
    [
      ['access', 'access.20250306-090000', 'access.20250307-090000'],
      ['access.20250306-090000', 'access.20250307-090000', 'access'],
    ],
    [
      ['access.20250307-090000.gz', 'access', 'access.20250306-090000.gz'],
      ['access.20250306-090000.gz', 'access.20250307-090000.gz', 'access'],
    ],
    [
      ['audit.20250307-090000.1', 'audit.20250307-090000', 'audit'],
      ['audit.20250307-090000', 'audit.20250307-090000.1', 'audit'],
    ],
    [
      ['errors', 'errors.1', 'errors.10.gz', 'errors.2.gz'],
      ['errors.10.gz', 'errors.2.gz', 'errors.1', 'errors'],
    ],
    [
      ['security-20250307', 'security', 'security-20250228.gz'],
      ['security-20250228.gz', 'security-20250307', 'security'],
    ],
  ])('%s are one log, oldest first', (names, expected) => {
    const placed = names.map((name) => ({ name, ...rotation(name) }));
    expect(new Set(placed.map(({ set }) => set)).size).toBe(1);
    expect(
      placed.sort((one, other) => ((one.order ?? '') < (other.order ?? '') ? -1 : 1)).map(({ name }) => name),
    ).toEqual(expected);
  });

  test('different logs are different sets, and the list of rotated logs is none', () => {
    expect(rotation('audit')?.set).not.toBe(rotation('auditfail')?.set);
    expect(rotation('access.rotationinfo')).toBeUndefined();
  });
});
