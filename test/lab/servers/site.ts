import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Identity } from '../../support/issue.ts';

const run = promisify(execFile);
const STARTED_WITHIN_MS = 60_000;
const ENDED_WITHIN_MS = 5_000;

/** Where Debian keeps servers that a user's PATH need not name. */
const DIRECTORIES = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/sbin',
  ...[13, 14, 15, 16, 17, 18].map((version) => `/usr/lib/postgresql/${version}/bin`),
];

/** @returns the path of a program; null when this machine has none. */
export async function find(program: string): Promise<string | null> {
  for (const directory of DIRECTORIES) {
    const path = join(directory, program);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return null;
}

/** Servers that will not run as root, or want to become somebody else, run as the only user of a namespace. */
const asSomebody = (words: readonly string[]): readonly string[] =>
  process.getuid?.() === 0
    ? ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--', ...words]
    : words;

/** Paths of PEM files. */
interface Written {
  readonly cert: string;
  readonly key: string;
  readonly both: string;
  /** All but the leaf; null: there is no more. */
  readonly above: string | null;
}

let sites = 0;

/**
 * Where one server lives: a loopback address of its own, so that it may have any port above 1023 whatever else runs on this
 * machine, a directory, and the processes that it started there.
 */
export class Site {
  readonly address: string;
  readonly directory: string;
  readonly #identities = new Map<string, Promise<Written>>();
  readonly #inside: { close(): unknown }[] = [];
  readonly #children: { readonly child: ChildProcess; readonly said: string[] }[] = [];

  private constructor(directory: string) {
    this.directory = directory;
    sites += 1;
    this.address = `127.${100 + (process.pid % 100)}.${Math.floor(process.pid / 100) % 250}.${sites}`;
  }

  static async make(): Promise<Site> {
    return new Site(await mkdtemp(join(tmpdir(), 'parallax-server-')));
  }

  /** Writes a file into the site's directory. @returns its path. */
  async file(name: string, text: string): Promise<string> {
    const path = join(this.directory, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }

  async folder(name: string): Promise<string> {
    const path = join(this.directory, name);
    await mkdir(path);
    return path;
  }

  /** Writes certificates and key, once. @returns the paths of both, and of one file that holds them all. */
  identity(name: string, identity: Identity): Promise<Written> {
    const known = this.#identities.get(name);
    if (known) return known;
    const writing = this.#write(name, identity);
    this.#identities.set(name, writing);
    return writing;
  }

  async #write(name: string, { cert, key }: Identity): Promise<Written> {
    const base = name.replaceAll(/[^A-Za-z0-9]+/g, '-');
    const above = cert
      .split(/(?<=-----END CERTIFICATE-----)/)
      .slice(1)
      .join('')
      .trim();
    return {
      above: above === '' ? null : await this.file(`${base}.above.pem`, `${above}\n`),
      cert: await this.file(`${base}.cert.pem`, `${cert}\n`),
      key: await this.file(`${base}.key.pem`, `${key}\n`),
      both: await this.file(`${base}.pem`, `${cert}\n${key}\n`),
    };
  }

  /** Runs a program to its end. @throws with what it printed. */
  async run(...words: readonly string[]): Promise<void> {
    const [program = '', ...rest] = asSomebody(words);
    await run(program, rest, { cwd: this.directory });
  }

  /** Starts a program that stays in the foreground. */
  spawn(words: readonly string[], environment: Readonly<Record<string, string>> = {}, own = false): void {
    const [program = '', ...rest] = own ? words : asSomebody(words);
    const child = spawn(program, rest, {
      cwd: this.directory,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: string[] = [];
    const keep = (chunk: Buffer): void => {
      said.push(chunk.toString());
      if (said.length > 100) said.shift();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.#children.push({ child, said });
  }

  /** Keeps a server of this process, to be closed with the site. */
  keep(server: { close(): unknown }): void {
    this.#inside.push(server);
  }

  /** @throws with what the programs printed, when one has ended or a port is not listened on in time. */
  async listening(ports: ReadonlySet<number>): Promise<void> {
    const end = Date.now() + STARTED_WITHIN_MS;
    for (;;) {
      const { stdout } = await run('ss', ['-ltnH', 'src', this.address]);
      const open = new Set([...stdout.matchAll(/:(\d+)\s/g)].map((match) => Number(match[1])));
      const missing = [...ports].filter((port) => !open.has(port));
      if (missing.length === 0) return;
      const ended = this.#children.find(({ child }) => child.exitCode !== null || child.signalCode !== null);
      if (ended || Date.now() > end) {
        const said = this.#children.map((one) => one.said.join('')).join('\n');
        throw new Error(`nothing listens on ${this.address}, ports ${missing.join(', ')}: ${said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends what it started and removes its directory. */
  async close(): Promise<void> {
    for (const server of this.#inside) await server.close();
    await Promise.all(
      this.#children.map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        const kill = setTimeout(() => child.kill('SIGKILL'), ENDED_WITHIN_MS);
        await gone;
        clearTimeout(kill);
      }),
    );
    await rm(this.directory, { recursive: true, force: true });
  }
}
