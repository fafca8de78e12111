import { readFile } from 'node:fs/promises';
import type { CheckTarget } from '../../endpoint/check.ts';
import { isLocalhost } from '../../endpoint/host.ts';

/** Where this machine keeps names of its own, hosts(5). */
export const HOSTS_FILE =
  process.platform === 'win32'
    ? `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`
    : '/etc/hosts';

/** One that is said is meant; else a server that listens on one of both is found. */
const LOOPBACK = { ipv4: ['127.0.0.1'], ipv6: ['::1'], either: ['127.0.0.1', '::1'] } as const;

/**
 * What a name of this very machine stands for without DNS (RFC 6761 section 6.3), in the order in which to try; null: DNS is to be asked.
 * @param family - as it was said; absent: it was not.
 */
export function loopbackOf(
  { host }: Pick<CheckTarget, 'host'>,
  family: CheckTarget['addressFamily'] | undefined,
): readonly [string, ...string[]] | null {
  return isLocalhost(host) ? LOOPBACK[family ?? 'either'] : null;
}

/** The first address that the hosts file has for a name; null: none, or there is no such file. */
export async function hostsFileAddress(name: string, file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (address && names.some((one) => one.toLowerCase().replace(/\.$/, '') === name)) return address;
  }
  return null;
}
