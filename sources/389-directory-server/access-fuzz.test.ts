import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mutatedLine } from './mutate.ts';
import { readAccess } from './read-access.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 300);

const samples = [
  'conn=41 fd=66 slot=66 SSL connection from 192.0.2.10 to 192.0.2.1',
  'conn=44 fd=69 HAProxy new_address_from=198.51.100.7 to new_address_dest=192.0.2.1',
  'conn=45 TLS1.2 128-bit AES-GCM; client CN=svc-sync,O=Example; issuer CN=Example CA,O=Example',
  "conn=48 Netscape Portable Runtime error -8179 (Peer's Certificate issuer is not recognized.); unauthenticated client CN=bob; issuer CN=Rogue CA",
  'conn=41 op=0 BIND dn="uid=alice,ou=People,dc=example,dc=com" method=sasl version=3 mech=GSSAPI, decoding error',
  'conn=41 op=0 RESULT err=0 tag=97 nentries=0 wtime=0.000130401 optime=0.001878951 etime=0.002004586 wbusy=3/16 wqdepth=0 notes=U,A details="Partially Unindexed Filter,Fully Unindexed Filter" csn=67caa4c9000000010000 sid="req-7f31" dn="uid=alice,ou=people,dc=example,dc=com"',
  'conn=41 op=1 SRCH base="ou=People,dc=example,dc=com" scope=2 filter="(&(objectClass=person)(cn=smi*))" attrs="cn mail" options=persistent authzid="uid=bob,dc=example,dc=com"',
  'conn=41 op=5 MODRDN dn="uid=eve,ou=People,dc=example,dc=com" newrdn="uid=eva" newsuperior="(null)" authzid="(null)", invalid dn',
  'conn=41 op=6 CMP dn="cn=admins,ou=Groups,dc=example,dc=com" attr="uniqueMember"',
  'conn=57 op=4 ABANDON targetop=Simple Paged Results msgid=4 nentries=12 etime=0.0000512345 sid="x"',
  'conn=59 op=1 EXT_INFO name="passwd_modify_plugin" bind_dn="cn=helpdesk,dc=example,dc=com" target_dn="uid=alice,dc=example,dc=com" msg="success" rc=0',
  'conn=41 op=1 STAT read index: attribute=cn key(sub)=^sm --> count 37 (duration 0.000022114)',
  'conn=55 op=3 VLV 0:9:1:0 1:5397 (0)',
  'conn=41 (Internal) op=2(1)(1) SRCH base="cn=config" scope=0 filter="(objectClass=*)" attrs=ALL',
  'conn=Internal(0) op=0(2)(1)STAT read index: attribute=objectClass key(eq)=referral --> count 0',
  'conn=65 op=3 fd=72 Disconnect - Protocol error - Bad Ber Tag or uncleanly closed connection - B1',
  'conn=67 op=5 fd=74 closed error 32 (Broken pipe) - B4',
].map((body) => Buffer.from(`[07/Mar/2025:09:15:02.004512345 +0100] ${body}`));

const objects = [
  '{"local_time":"2025-09-07T09:15:02.004512345 +0100","operation":"CONNECTION","key":"1757232902-41","conn_id":41,"fd":66,"slot":66,"tls":true,"client_ip":"192.0.2.10","server_ip":"192.0.2.1"}',
  '{"local_time":"2025-09-07T09:15:04.006512345 +0100","operation":"RESULT","key":"1757232902-41","conn_id":41,"op_id":1,"msg":"","tag":101,"err":0,"nentries":4,"client_ip":"192.0.2.10","notes":[{"note":"A","description":"Fully Unindexed Filter","base_dn":"ou=People,dc=example,dc=com","filter":"(description=*x*)","scope":2}],"wtime":"0.000130401","optime":"0.401878951","etime":"0.402004586","wbusy":3,"wmax":16,"wqdepth":0}',
  '{\n  "local_time":"2025-09-07T09:15:05.006512345 +0100",\n  "operation":"MODIFY",\n  "key":"1757232902-41",\n  "conn_id":41,\n  "op_id":5,\n  "target_dn":"uid=alice,ou=People,dc=example,dc=com",\n  "request_controls":[\n    {\n      "oid":"1.3.6.1.4.1.21008.108.63.1",\n      "isCritical":false\n    }\n  ]\n}',
].map((object) => Buffer.from(object));

const sentinel = '[07/Mar/2025:09:15:03.004512345 +0100] conn=41 op=99 UNBIND';

test('fuzz: no line, however mangled, throws, hangs, or takes the next one with it', () => {
  fc.assert(
    fc.property(fc.array(mutatedLine([...samples, ...objects]), { minLength: 1, maxLength: 3 }), (lines) => {
      const log = Buffer.concat(
        lines.flatMap((line) => [line, Buffer.from('\n')]).concat(Buffer.from(`${sentinel}\n`)),
      );
      const { records, dead, counts } = readAccess(log);
      const last = records.at(-1);
      // An open value may take the sentinel in; then its text is in the raw record, and nothing is lost.
      expect(last?.raw?.endsWith(sentinel)).toBe(true);
      expect(counts.lines + counts.glued).toBe(records.length + dead.length + counts.continuations);
      expect(counts.bytes).toBe(log.length);
    }),
    { numRuns: runs },
  );
});
