import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Password of `cn=Directory Manager` on servers made for a test; they listen on the loopback only while it runs. */
export const managerPassword = 'Correct-Horse-42';
export const managerDn = 'cn=Directory Manager';
export const suffix = 'dc=example,dc=com';

const packagedDefaults = '/usr/share/dirsrv/inf/defaults.inf';
const commandMsMax = 120_000;

/** Whether a 389 Directory Server can be made here: it is installed, and this is root. */
export function canRunDirectoryServer(): boolean {
  return process.getuid?.() === 0 && existsSync(packagedDefaults) && existsSync('/usr/sbin/ns-slapd');
}

/** Runs a program to its end; gives what it printed. Throws with its words when it fails. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<string> {
  const child = spawn(command, args, { env: { ...process.env, ...options.env }, timeout: commandMsMax });
  const said: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => said.push(part));
  child.stderr.on('data', (part: Buffer) => said.push(part));
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      const text = Buffer.concat(said).toString();
      if (status === 0) resolve(text);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${status}:\n${text}`));
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A real 389 Directory Server of a test's own. `remove` it, whatever happened. */
export class DirectoryServer {
  readonly instance: string;
  readonly port: number;
  readonly securePort: number;
  readonly #folder: string;

  private constructor(instance: string, port: number, securePort: number, folder: string) {
    this.instance = instance;
    this.port = port;
    this.securePort = securePort;
    this.#folder = folder;
  }

  /** Folder of its logs. */
  get logs(): string {
    return `/var/log/dirsrv/slapd-${this.instance}`;
  }

  get ldapi(): string {
    return `ldapi://%2frun%2fslapd-${this.instance}.socket`;
  }

  /** Makes and starts one; takes some ten seconds. */
  static async create(): Promise<DirectoryServer> {
    const folder = mkdtempSync(join(tmpdir(), 'meridian-ds-'));
    const instance = `mdn${process.pid}x${Math.trunc(Date.now() / 1000) % 1_000_000}`;
    const server = new DirectoryServer(instance, await freePort(), await freePort(), folder);
    server.#writeDefaults();
    const answers = join(folder, 'answers.inf');
    writeFileSync(answers, server.#answers(), { mode: 0o600 });
    await runProgram('dscreate', ['from-file', answers], { env: server.#env() });
    return server;
  }

  /** Its tools are told that there is no systemd by a copy of their defaults, so that the system's own stay as they are. */
  #writeDefaults(): void {
    const inside = join(this.#folder, 'share/dirsrv/inf');
    mkdirSync(inside, { recursive: true });
    copyFileSync(packagedDefaults, join(inside, 'defaults.inf'));
    const text = readFileSync(packagedDefaults, 'utf8').replace(/^with_systemd = 1$/m, 'with_systemd = 0');
    writeFileSync(join(inside, 'defaults.inf'), text);
  }

  #env(): Readonly<Record<string, string>> {
    return { PREFIX: this.#folder };
  }

  #answers(): string {
    return `[general]
config_version = 2
full_machine_name = ldap1.example.com
start = True
strict_host_checking = False
systemd = False
[slapd]
instance_name = ${this.instance}
port = ${this.port}
secure_port = ${this.securePort}
root_password = ${managerPassword}
self_sign_cert = True
[backend-userroot]
suffix = ${suffix}
create_suffix_entry = True
sample_entries = no
`;
  }

  /** Changes settings of `cn=config`, over its socket, as root. */
  async configure(settings: Readonly<Record<string, string>>): Promise<void> {
    const lines = Object.entries(settings).map(([name, value]) => `replace: ${name}\n${name}: ${value}\n-`);
    await this.modifyLocally(`dn: cn=config\nchangetype: modify\n${lines.join('\n')}\n`);
  }

  /** Applies LDIF over its socket: SASL EXTERNAL, which makes root the directory manager. */
  async modifyLocally(ldif: string): Promise<void> {
    await runProgram('ldapmodify', ['-Q', '-Y', 'EXTERNAL', '-H', this.ldapi], { input: ldif });
  }

  /** Asks over its socket. */
  searchLocally(base: string, filter: string): Promise<string> {
    return runProgram('ldapsearch', ['-Q', '-LLL', '-Y', 'EXTERNAL', '-H', this.ldapi, '-b', base, filter]);
  }

  /** Stops it, which flushes its logs; resolves when it is gone. */
  async stop(): Promise<void> {
    const pid = Number(readFileSync(this.#pidFile, 'utf8'));
    process.kill(pid, 'SIGTERM');
    for (let waited = 0; waited < 30_000; waited += 50) {
      if (!existsSync(`/proc/${pid}`)) return;
      await wait(50);
    }
    throw new Error(`the directory server ${this.instance} does not end`);
  }

  async start(): Promise<void> {
    await runProgram('ns-slapd', ['-D', `/etc/dirsrv/slapd-${this.instance}`, '-i', this.#pidFile]);
    for (let waited = 0; waited < 30_000; waited += 100) {
      try {
        await this.searchLocally('', '(objectClass=nothing)');
        return;
      } catch {
        await wait(100);
      }
    }
    throw new Error(`the directory server ${this.instance} does not answer`);
  }

  get #pidFile(): string {
    return `/run/dirsrv/slapd-${this.instance}.pid`;
  }

  async remove(): Promise<void> {
    try {
      await runProgram('dsctl', [`slapd-${this.instance}`, 'remove', '--do-it'], { env: this.#env() });
    } finally {
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }
}
