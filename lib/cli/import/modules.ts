import * as z from 'zod/mini';
import { UsageError } from '../../local/usage-error.ts';
import { readYaml } from './read.ts';

/** What a module of the blackbox_exporter does. */
export interface Module {
  readonly prober: 'http' | 'tcp' | 'grpc' | 'icmp' | 'dns' | 'unknown';
  /** TLS from the first byte; http: what the URL says. */
  readonly tls: boolean;
  /** The certificate is not verified. */
  readonly insecure: boolean;
  readonly serverName: string | null;
  /** What is said after the connect is looked at. */
  readonly talks: boolean;
  /** Known from its name alone. */
  readonly guessed: boolean;
}

const tlsConfig = z.optional(
  z.nullable(
    z.object({ insecure_skip_verify: z.optional(z.boolean()), server_name: z.optional(z.string()) }),
  ),
);
const prober = z.optional(
  z.nullable(
    z.object({
      tls: z.optional(z.boolean()),
      tls_config: tlsConfig,
      query_response: z.optional(z.nullable(z.array(z.unknown()))),
    }),
  ),
);
const file = z.object({
  modules: z.record(
    z.string(),
    z.object({
      prober: z.enum(['http', 'tcp', 'grpc', 'icmp', 'dns', 'unix']),
      http: prober,
      tcp: prober,
      grpc: prober,
    }),
  ),
});

/** The modules of a blackbox_exporter's configuration, by name. @throws UsageError */
export function readModules(name: string, text: string): ReadonlyMap<string, Module> {
  const read = file.safeParse(readYaml(name, text));
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw new UsageError(`${name}: no configuration of a blackbox_exporter (${where}: ${issue?.message})`);
  }
  return new Map(
    Object.entries(read.data.modules).map(([key, one]) => {
      const own = { http: one.http, tcp: one.tcp, grpc: one.grpc, icmp: null, dns: null, unix: null }[
        one.prober
      ];
      return [
        key,
        {
          prober: one.prober === 'unix' ? 'unknown' : one.prober,
          tls: own?.tls ?? false,
          insecure: own?.tls_config?.insecure_skip_verify ?? false,
          serverName: own?.tls_config?.server_name ?? null,
          talks: (own?.query_response ?? []).length > 0,
          guessed: false,
        },
      ];
    }),
  );
}

/** In this order: `http_2xx_tls` is an http module, `dns_tcp` one of DNS. */
const NAMES: readonly (readonly [RegExp, Module['prober'], boolean])[] = [
  [/icmp|ping/, 'icmp', false],
  [/dns/, 'dns', false],
  [/grpc/, 'grpc', false],
  [/http|[2-5]xx/, 'http', false],
  [/tls|ssl|cert|pop3s|imaps|smtps|ldaps/, 'tcp', true],
  [/tcp|connect|banner|ssh|smtp|imap|pop3|irc|port/, 'tcp', false],
];

/** What a module with this name usually does, as in the exporter's example configuration. */
export function guessModule(name: string | null): Module {
  const [, kind = 'unknown', tls = false] =
    NAMES.find(([words]) => words.test((name ?? '').toLowerCase())) ?? [];
  return {
    prober: kind,
    tls,
    insecure: false,
    serverName: null,
    talks: /banner|starttls/i.test(name ?? ''),
    guessed: true,
  };
}
