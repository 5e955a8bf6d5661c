import { connect } from 'node:net';
import { Attribute, Change, Client } from 'ldapts';
import { type DirectoryServer, managerDn, managerPassword, suffix } from './directory-server.ts';

/** A question in QQL, and the number of events that answers it. */
export type Expectation = readonly [query: string, count: number];

const people = `ou=people,${suffix}`;
const alicePassword = 'Alice-pw-0001';
export const alice: string = `uid=alice,${people}`;
export const bob: string = `uid=bob,${people}`;

/** Addresses of the loopback that the clients come from, one for each kind of work. */
export const addresses = {
  manager: '127.0.5.1',
  good: '127.0.5.2',
  bad: '127.0.5.3',
  startTls: '127.0.5.4',
  ldaps: '127.0.5.5',
  busy: '127.0.5.6',
  writer: '127.0.5.7',
} as const;

function clientFrom(server: DirectoryServer, address: string): Client {
  return new Client({
    url: `ldap://127.0.0.1:${server.port}`,
    timeout: 20_000,
    createConnection: ((port: number, host: string) =>
      connect({ port, host, localAddress: address })) as unknown as typeof connect,
  });
}

/** Adds what the others work on: two people, and the right to read. */
export async function prepare(server: DirectoryServer): Promise<readonly Expectation[]> {
  const client = clientFrom(server, addresses.manager);
  await client.bind(managerDn, managerPassword);
  const mayRead =
    '(targetattr="*")(version 3.0; acl "bound may read"; allow (read,search,compare) userdn="ldap:///all";)';
  await client.modify(suffix, [
    new Change({ operation: 'add', modification: new Attribute({ type: 'aci', values: [mayRead] }) }),
  ]);
  await client.add(people, { objectClass: ['organizationalUnit'], ou: 'people' });
  for (const [dn, name] of [
    [alice, 'alice'],
    [bob, 'bob'],
  ] as const) {
    await client.add(dn, {
      objectClass: ['inetOrgPerson'],
      uid: name,
      cn: name,
      sn: name,
      userPassword: alicePassword,
    });
  }
  await client.modify(bob, [
    new Change({ operation: 'replace', modification: new Attribute({ type: 'description', values: ['x'] }) }),
  ]);
  await client.unbind();
  const from = `sourceIpv4: ${addresses.manager}`;
  return [
    [`${from} and eventSubType: ADD`, 3],
    [`${from} and eventSubType: RESULT and requestType: ADD and outcome: success and boundDn: "${managerDn}"`, 3],
    [`${from} and eventSubType: MOD and distinguishedName: "${bob}"`, 1],
    [`${from} and eventSubType: BIND and method: SIMPLE`, 1],
  ];
}

/** Binds, good and bad. */
export async function bindGoodAndBad(
  server: DirectoryServer,
  good: number,
  bad: number,
): Promise<readonly Expectation[]> {
  for (let at = 0; at < good; at++) {
    const client = clientFrom(server, addresses.good);
    await client.bind(alice, alicePassword);
    await client.search(suffix, { scope: 'sub', filter: '(uid=bob)', attributes: ['cn'] });
    await client.unbind();
  }
  for (let at = 0; at < bad; at++) {
    const client = clientFrom(server, addresses.bad);
    await client.bind(alice, `wrong-${at}`).catch(() => undefined);
    await client.unbind();
  }
  return [
    [`sourceIpv4: ${addresses.good} and eventSubType: BIND and distinguishedName: "${alice}"`, good],
    [`sourceIpv4: ${addresses.good} and eventSubType: SRCH and boundDn: "${alice}" and secureConnection: false`, good],
    [
      `sourceIpv4: ${addresses.good} and eventSubType: RESULT and requestType: SRCH and boundDn: "${alice}" and count: 1`,
      good,
    ],
    [`sourceIpv4: ${addresses.bad} and eventSubType: RESULT and requestType: BIND and resultCode: 49`, bad],
    [`sourceIpv4: ${addresses.bad} and boundDn: "${alice}"`, 0],
  ];
}

/** StartTLS and LDAPS. */
export async function useTls(server: DirectoryServer, times: number): Promise<readonly Expectation[]> {
  for (let at = 0; at < times; at++) {
    const client = clientFrom(server, addresses.startTls);
    await client.startTLS({ rejectUnauthorized: false });
    await client.bind(alice, alicePassword);
    await client.search(people, { scope: 'one', filter: '(objectClass=*)' });
    await client.unbind();
  }
  return [
    [`sourceIpv4: ${addresses.startTls} and eventSubType: BIND and tlsVersion is not null`, times],
    [
      `sourceIpv4: ${addresses.startTls} and eventSubType: SRCH and boundDn: "${alice}" and secureConnection: true`,
      times,
    ],
  ];
}

/** SASL EXTERNAL over the socket. */
export async function useSocket(server: DirectoryServer, times: number): Promise<readonly Expectation[]> {
  for (let at = 0; at < times; at++) await server.searchLocally(suffix, `(description=socket-${at})`);
  return [
    [`eventSubType: SRCH and searchFilter: "description=socket" and boundDn: "${managerDn}"`, times],
    [`eventSubType: SRCH and searchFilter: "description=socket" and transport: ldapi`, times],
  ];
}

/** Writes of alice on herself (refused) and of the manager (done). */
export async function write(server: DirectoryServer, times: number): Promise<readonly Expectation[]> {
  const client = clientFrom(server, addresses.writer);
  await client.bind(managerDn, managerPassword);
  for (let at = 0; at < times; at++) {
    const dn = `uid=temp${at},${people}`;
    await client.add(dn, { objectClass: ['inetOrgPerson'], uid: `temp${at}`, cn: 'temp', sn: 'temp' });
    await client.modifyDN(dn, `uid=moved${at}`);
    await client.compare(bob, 'uid', 'bob');
    await client.del(`uid=moved${at},${people}`);
  }
  await client.unbind();
  const refused = clientFrom(server, addresses.writer);
  await refused.bind(alice, alicePassword);
  for (let at = 0; at < times; at++) await refused.del(bob).catch(() => undefined);
  await refused.unbind();
  const from = `sourceIpv4: ${addresses.writer}`;
  return [
    [`${from} and eventSubType: MODRDN`, times],
    [`${from} and eventSubType: CMP`, times],
    [`${from} and eventSubType: DEL and boundDn: "${managerDn}"`, times],
    [`${from} and eventSubType: RESULT and requestType: DEL and boundDn: "${alice}" and resultCode: 50`, times],
  ];
}

/** Searches as many as it takes to make the server rotate its access log; one connection each thousand. */
export async function searchMuch(server: DirectoryServer, searches: number): Promise<readonly Expectation[]> {
  const perConnection = 1000;
  for (let done = 0; done < searches; done += perConnection) {
    const client = clientFrom(server, addresses.busy);
    await client.bind(alice, alicePassword);
    const batch = Math.min(perConnection, searches - done);
    for (let at = 0; at < batch; at += 20) {
      await Promise.all(
        Array.from({ length: Math.min(20, batch - at) }, (_, number) =>
          client.search(people, { scope: 'sub', filter: `(&(objectClass=person)(uid=busy-${done + at + number}))` }),
        ),
      );
    }
    await client.unbind();
  }
  return [
    [`sourceIpv4: ${addresses.busy} and eventSubType: SRCH and boundDn: "${alice}"`, searches],
    [`sourceIpv4: ${addresses.busy} and eventSubType: RESULT and requestType: SRCH and boundDn: "${alice}"`, searches],
  ];
}
