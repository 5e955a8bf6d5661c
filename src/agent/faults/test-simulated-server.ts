import type { Random } from './test-random.ts';

/** A line of the access log, and what is true of it. */
export interface LogLine {
  readonly text: string;
  readonly conn: number;
  readonly verb: string;
  readonly client: string;
  readonly boundDn: string | undefined;
  readonly isSecure: boolean;
}

interface Operation {
  readonly op: number;
  readonly verb: 'BIND' | 'SRCH' | 'MOD' | 'EXT';
  readonly dn: string;
  /** Steps until it is answered. */
  left: number;
}

interface Connection {
  readonly conn: number;
  readonly client: string;
  isSecure: boolean;
  boundDn: string | undefined;
  nextOp: number;
  pending: Operation[];
}

const suffix = 'dc=example,dc=com';
const people = ['alice', 'bob', 'jörg', 'o\\27brien', 'x' + 'y'.repeat(120)] as const;
const filters = [
  '(uid=alice)',
  '(&(objectClass=person)(mail=*@example.com))',
  '(cn=Jürgen*)',
  `(|${'(member=uid=bob,ou=people,dc=example,dc=com)'.repeat(4)})`,
] as const;
const connectionsMax = 24;
const serverAddress = '192.0.2.1';

/**
 * Writes the access log of a directory server that never was, as a real one does: many connections at once, answers
 * that come late, also behind operations that were asked after them, restarts that begin the numbers anew.
 */
export class SimulatedServer {
  readonly #random: Random;
  readonly #connections: Connection[] = [];
  #conn = 0;
  /** Nanoseconds since the beginning. */
  #nanos = 0n;
  readonly #start: number;

  constructor(random: Random, start: number) {
    this.#random = random;
    this.#start = start;
  }

  /** Lines at the head of each file. */
  get title(): string {
    return '\t389-Directory/2.3.1 B2026.016.1616\n\tldap1.example.com:389 (/etc/dirsrv/slapd-test)\n\n';
  }

  /** What the server writes next: a line, or two that belong together. */
  step(): readonly LogLine[] {
    const due = this.#answerDue();
    if (due !== undefined) return [due];
    const random = this.#random;
    const open = this.#connections.length;
    if (random.chance(0.002)) this.#restart();
    if (open === 0 || (open < connectionsMax && random.chance(0.12))) return [this.#open()];
    const connection = this.#connections[random.below(this.#connections.length)];
    if (connection === undefined) return [this.#open()];
    return this.#act(connection);
  }

  #act(connection: Connection): readonly LogLine[] {
    const random = this.#random;
    const isBinding = connection.pending.some(({ verb }) => verb === 'BIND');
    const what = random.weighed({ search: 60, modify: 10, bind: 15, startTls: 4, close: 8 });
    if (what === 'close' && connection.pending.length === 0) return this.#close(connection);
    if (what === 'bind' && connection.pending.length === 0) return [this.#bind(connection)];
    if (isBinding) return this.#overtake(connection);
    if (what === 'startTls' && !connection.isSecure && connection.pending.length === 0)
      return this.#startTls(connection);
    if (what === 'modify') {
      const dn = this.#person();
      return [this.#ask(connection, 'MOD', dn, `MOD dn="${dn}"`)];
    }
    const filter = random.pick(filters);
    const scope = random.pick([0, 1, 2]);
    return [
      this.#ask(connection, 'SRCH', '', `SRCH base="${suffix}" scope=${scope} filter="${filter}" attrs="cn mail uid"`),
    ];
  }

  /**
   * While a bind is under way a server reads nothing else of the connection; but its RESULT may be written behind the
   * operation that came when it was done.
   */
  #overtake(connection: Connection): readonly LogLine[] {
    const bind = connection.pending.pop();
    if (bind === undefined) return [];
    const answer = this.#answer(connection, bind);
    if (this.#random.chance(0.7)) return [answer];
    return [this.#ask(connection, 'SRCH', '', `SRCH base="${suffix}" scope=2 filter="(uid=bob)" attrs=ALL`), answer];
  }

  #person(): string {
    return `uid=${this.#random.pick(people)},ou=people,${suffix}`;
  }

  #open(): LogLine {
    const random = this.#random;
    this.#conn += 1;
    const connection: Connection = {
      conn: this.#conn,
      client: `198.51.100.${1 + random.below(40)}`,
      isSecure: false,
      boundDn: undefined,
      nextOp: 0,
      pending: [],
    };
    this.#connections.push(connection);
    const fd = 64 + random.below(900);
    return this.#line(
      connection,
      'CONNECTION',
      `fd=${fd} slot=${fd} connection from ${connection.client} to ${serverAddress}`,
    );
  }

  #close(connection: Connection): readonly LogLine[] {
    this.#connections.splice(this.#connections.indexOf(connection), 1);
    const op = connection.nextOp;
    const end = this.#random.pick(['U1', 'B1', 'T1']);
    const closing = `op=${op} fd=64 closed ${this.#random.chance(0.5) ? `- ${end}` : `error - ${end}`}`;
    if (end !== 'U1') return [this.#line(connection, 'DISCONNECT', closing)];
    return [this.#line(connection, 'UNBIND', `op=${op} UNBIND`), this.#line(connection, 'DISCONNECT', closing)];
  }

  #bind(connection: Connection): LogLine {
    const dn = this.#person();
    return this.#ask(connection, 'BIND', dn, `BIND dn="${dn}" method=128 version=3`);
  }

  #startTls(connection: Connection): readonly LogLine[] {
    const op = connection.nextOp++;
    const lines = [
      this.#line(connection, 'EXT', `op=${op} EXT oid="1.3.6.1.4.1.1466.20037" name="start_tls_plugin"`),
      this.#line(connection, 'RESULT', `op=${op} ${this.#result(0, 120)}`),
    ];
    connection.isSecure = true;
    return [...lines, this.#line(connection, 'TLS', 'TLS1.3 256-bit AES-GCM')];
  }

  #ask(connection: Connection, verb: Operation['verb'], dn: string, text: string): LogLine {
    const op = connection.nextOp++;
    connection.pending.push({ op, verb, dn, left: this.#random.chance(0.7) ? 0 : this.#random.below(30) });
    return this.#line(connection, verb, `op=${op} ${text}`);
  }

  /** The answer of an operation whose time has come; each step brings all nearer. */
  #answerDue(): LogLine | undefined {
    for (const connection of this.#connections) {
      for (const [at, operation] of connection.pending.entries()) {
        if (operation.left > 0) {
          operation.left -= 1;
          continue;
        }
        connection.pending.splice(at, 1);
        return this.#answer(connection, operation);
      }
    }
    return undefined;
  }

  #answer(connection: Connection, { op, verb, dn }: Operation): LogLine {
    if (verb === 'BIND') {
      const isGood = this.#random.chance(0.7);
      connection.boundDn = isGood ? dn : undefined;
      const name = isGood ? ` dn="${dn}"` : '';
      return this.#line(connection, 'RESULT', `op=${op} ${this.#result(isGood ? 0 : 49, 97)}${name}`);
    }
    const failed = this.#random.chance(0.1);
    const tag = verb === 'MOD' ? 103 : 101;
    return this.#line(connection, 'RESULT', `op=${op} ${this.#result(failed ? 50 : 0, tag)}`);
  }

  #result(err: number, tag: number): string {
    const random = this.#random;
    const etime = `0.${String(100_000 + random.below(900_000)).padStart(9, '0')}`;
    return `RESULT err=${err} tag=${tag} nentries=${random.below(5)} wtime=0.000100000 optime=0.000200000 etime=${etime}`;
  }

  /** The server is killed and starts again: no line tells of it. */
  #restart(): void {
    this.#connections.length = 0;
    this.#conn = 0;
    this.#nanos += 5_000_000_000n;
  }

  #line({ conn, client, boundDn, isSecure }: Connection, verb: string, body: string): LogLine {
    this.#nanos += BigInt(1 + this.#random.below(3_000_000));
    const ms = this.#start + Number(this.#nanos / 1_000_000n);
    const date = new Date(ms);
    const part = (value: number): string => String(value).padStart(2, '0');
    const day = `${part(date.getUTCDate())}/Nov/${date.getUTCFullYear()}`;
    const time = `${part(date.getUTCHours())}:${part(date.getUTCMinutes())}:${part(date.getUTCSeconds())}`;
    const fraction = String((ms % 1000) * 1_000_000 + Number(this.#nanos % 1_000_000n)).padStart(9, '0');
    const text = `[${day}:${time}.${fraction} +0000] conn=${conn} ${body}\n`;
    return { text, conn, verb, client, boundDn, isSecure };
  }
}
