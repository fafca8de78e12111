import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';

/** Whether a `Host` names this machine only: 127.0.0.0/8, [::1] or localhost, with or without a port. */
export function isLoopbackHost(host: string | undefined): boolean {
  const match = /^(\[::1\]|[^:[\]]+)(?::\d{1,5})?$/.exec(host?.toLowerCase() ?? '');
  const name = match?.[1];
  if (name === undefined) return false;
  return name === '[::1]' || name === 'localhost' || (isIPv4(name) && name.startsWith('127.'));
}

/** Why a request is not served by this machine under the name it was asked by, or null. */
export function hostRefusal({ host }: IncomingHttpHeaders): string | null {
  if (isLoopbackHost(host)) return null;
  return `Host: ${host ?? '(none)'} is not this machine: call it 127.0.0.1, [::1] or localhost`;
}

/**
 * Why a request is not served, or null. The local API asks for no signature, so a page of any site that the user visits
 * must not be able to reach it: neither by a name that resolves to loopback (the Host tells) nor across origins.
 */
export function refusal(headers: IncomingHttpHeaders): string | null {
  const { host, origin } = headers;
  const elsewhere = hostRefusal(headers);
  if (elsewhere) return elsewhere;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`) {
    return `Origin: ${origin} is another site: the local API answers its own pages only`;
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return `Sec-Fetch-Site: ${String(site)}: the local API answers its own pages only`;
  }
  return null;
}
