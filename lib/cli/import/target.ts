/** Where a target says that it is. */
export interface Place {
  readonly scheme: string | null;
  /** Without brackets. */
  readonly host: string;
  readonly port: number | null;
  /** More than the root is asked for. */
  readonly hasPath: boolean;
}

const PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ldaps: 636,
  imaps: 993,
  smtps: 465,
  pop3s: 995,
};

/** `https://host/path`, `host:port`, `[2001:db8::1]:22`, `host` and `host/path`; null: it is none of them. */
export function placeOf(target: string): Place | null {
  const [, scheme = null, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(target.trim()) ?? [];
  const [, authority = '', path = ''] = /^([^/?#]*)(.*)$/s.exec(rest) ?? [];
  const at = authority.slice(authority.lastIndexOf('@') + 1);
  const [, literal, name, written] = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(at) ?? [];
  const bare = /^[0-9a-f:.]+$/i.test(at) && at.split(':').length > 2 ? at : undefined;
  const host = literal ?? bare ?? name;
  if (!host) return null;
  const known = scheme?.toLowerCase() ?? null;
  const port = written === undefined ? (PORTS[known ?? ''] ?? null) : Number(written);
  return { scheme: known, host, port, hasPath: !/^\/?$/.test(path) };
}

/** A target as it may be shown: a user and what may be a secret in the path are left out. */
export function shownTarget(target: string): string {
  const place = placeOf(target);
  if (place === null) return JSON.stringify(target.replace(/\/\/[^/]*@/, '//').slice(0, 80));
  const host = place.host.includes(':') ? `[${place.host}]` : place.host;
  return place.port === null ? host : `${host}:${place.port}`;
}
