import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Children } from '../lib/local/children.ts';
import type { Nginx } from './nginx.ts';
import { NAME } from './peer-ready.ts';
import { childrenCpuMs } from './programs.ts';

/** What some runs of a program took of the processor, user and system time of them all. */
interface Ran {
  readonly times: number;
  readonly cpuMs: number;
}

export interface CurlTimings {
  readonly connectMs: number;
  readonly tlsMs: number;
}

/** What curl tells: since its start, in seconds (curl(1), --write-out). */
const WRITE_OUT = '%{time_namelookup} %{time_connect} %{time_appconnect} %{http_version} %{exitcode}\\n';

/** Some requests by curl over HTTP/2, each a process, so many of them at once. @throws when one fails. */
export async function curls(
  children: Children,
  { port, authorityFile }: Nginx,
  { inFlight, times }: { readonly inFlight: number; readonly times: number },
): Promise<Ran & { readonly timings: readonly CurlTimings[] }> {
  const url = `https://${NAME}:${port}/`;
  const options = ['-q', '-s', '-o', '/dev/null', '--http2', '--noproxy', '*', '-w', WRITE_OUT];
  const peer = ['--cacert', authorityFile, '--resolve', `${NAME}:${port}:127.0.0.1`];
  const input = `${url}\n`.repeat(times);
  const xargs = ['-n', '1', '-P', String(inFlight), 'curl', ...options, ...peer];
  const { said, cpuMs } = await run(children, 'xargs', xargs, input);
  const timings = said
    .trim()
    .split('\n')
    .map((line) => {
      const [lookUp = Number.NaN, connect = Number.NaN, tls = Number.NaN, version, exit] = line
        .split(' ')
        .map(Number);
      if (version !== 2 || exit !== 0) throw new Error(`curl: "${line}" for ${WRITE_OUT}`);
      return { connectMs: 1000 * (connect - lookUp), tlsMs: 1000 * (tls - connect) };
    });
  return { times, cpuMs, timings };
}

/** Processes of curl that do nothing: what being a process costs it. */
export async function idleCurls(children: Children, times: number): Promise<Ran> {
  const { cpuMs } = await run(children, 'xargs', ['-n', '1', 'curl', '-q', '-V'], '-s\n'.repeat(times));
  return { times, cpuMs };
}

/** `openssl s_time` for a second: TLS handshakes in C one after the other, the chain verified, nothing else. */
export async function sTime(children: Children, { port, authorityFile }: Nginx): Promise<Ran> {
  const words = ['s_time', '-connect', `127.0.0.1:${port}`, '-new', '-time', '1', '-tls1_3'];
  const { said, cpuMs } = await run(children, 'openssl', [
    ...words,
    '-CAfile',
    authorityFile,
    '-verify',
    '1',
  ]);
  const [, times] = /(\d+) connections in [\d.]+s;/.exec(said) ?? [];
  if (times === undefined) throw new Error('openssl s_time said something else', { cause: said });
  return { times: Number(times), cpuMs };
}

async function run(
  children: Children,
  program: string,
  words: readonly string[],
  input = '',
): Promise<{ readonly said: string; readonly cpuMs: number }> {
  const before = childrenCpuMs();
  const child = children.spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  child.stdin?.end(input);
  const [said, complained] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  const [code] = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complained}`);
  return { said, cpuMs: childrenCpuMs() - before };
}
