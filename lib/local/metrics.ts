import { Gauge, Registry } from 'prom-client';
import type { components } from '../deployment/api-types.ts';

type Schemas = components['schemas'];
export type StatusPage = Schemas['StatusPage'];
export type Status = Schemas['Status'];
type Watched = StatusPage['items'][number];
type Report = Schemas['RegionReport'];

/** Where the figures come from: the API, here or on AWS. */
export interface MetricsSource {
  statusPage(next: string | null): Promise<StatusPage>;
  status(id: string): Promise<Status>;
}

/** Stages by the name that blackbox_exporter has for the same stretch of time; the last is the peer's SETTINGS. */
const PHASES = [
  ['resolve', 'dns', 'dnsMs'],
  ['connect', 'tcp', 'tcpMs'],
  ['tls', 'tls', 'tlsMs'],
  ['http2', 'http2', 'http2Ms'],
] as const;

/**
 * What every region says of every endpoint in Prometheus' text format. Names and units are those of blackbox_exporter, with
 * `endpoint` and `region` as labels beside `instance`; what it has no name for begins with `parallax_`. Where nothing conclusive is
 * known of a region there is no `probe_success`; a time that may not be the network's is left out.
 */
export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #source: MetricsSource;
  /** By what a report calls the certificate; epoch seconds. Asked for once: a certificate never changes. */
  readonly #expiries = new Map<string, number>();

  constructor(source: MetricsSource) {
    this.#source = source;
  }

  /** @throws when the API does not answer. */
  async text(): Promise<string> {
    const registry = new Registry();
    const gauges = gaugesIn(registry);
    let next: string | null = null;
    do {
      const page: StatusPage = await this.#source.statusPage(next);
      for (const watched of page.items) {
        await this.#learnExpiries(watched);
        note(watched, gauges, this.#expiries);
      }
      ({ next } = page);
    } while (next !== null);
    return registry.metrics();
  }

  async #learnExpiries({ endpoint, regions }: Watched): Promise<void> {
    const unknown = regions
      .flatMap(({ certificate }) => certificate ?? [])
      .filter((one) => !this.#expiries.has(one));
    if (unknown.length === 0) return;
    const { certificates } = await this.#source.status(endpoint.id);
    for (const one of unknown) {
      const found = certificates.find(({ sha256 }) => sha256.startsWith(one));
      if (found) this.#expiries.set(one, Date.parse(found.notAfter) / 1000);
    }
  }
}

function gaugesIn(registry: Registry) {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: readonly Label[]) =>
    new Gauge({
      name,
      help,
      labelNames: ['endpoint', 'instance', 'region', ...labelNames] as const,
      registers: [registry],
    });
  return {
    success: gauge('probe_success', 'Whether the newest conclusive try from the region passed'),
    duration: gauge('probe_duration_seconds', 'How long the newest try took, all stages that came about'),
    dns: gauge('probe_dns_lookup_time_seconds', 'Time the name took to resolve'),
    phase: gauge('probe_http_duration_seconds', 'Time of the newest try by stage', 'phase'),
    expiry: gauge('probe_ssl_earliest_cert_expiry', 'When the certificate that was shown ends, Unix time'),
    tls: gauge('probe_tls_version_info', 'The TLS version that was agreed on', 'version'),
    protocol: gauge('probe_ip_protocol', 'The IP version of the address that was tried: 4 or 6'),
    at: gauge(
      'parallax_observation_timestamp_seconds',
      'When the newest try from the region began, Unix time',
    ),
    state: gauge(
      'parallax_region_state',
      'What is known of the endpoint from the region: 1 for the state it is in',
      'state',
    ),
    verdict: gauge('parallax_verdict_info', 'What all regions together mean', 'rule', 'kind', 'severity'),
  };
}

function note(
  { endpoint, verdict, regions }: Watched,
  gauges: ReturnType<typeof gaugesIn>,
  expiries: ReadonlyMap<string, number>,
): void {
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  const of = { endpoint: endpoint.id, instance: `${host}:${endpoint.port}` };
  const { rule, kind, severity } = verdict;
  gauges.verdict.set({ ...of, region: '', rule, kind: kind ?? '', severity: severity ?? '' }, 1);
  for (const report of regions) {
    const from = { ...of, region: report.region };
    gauges.state.set({ ...from, state: report.state }, 1);
    if (report.at === null) continue;
    gauges.at.set(from, Date.parse(report.at) / 1000);
    const { evidence, outcome, address, tls, certificate } = report;
    if (evidence !== null && evidence !== 'inconclusive') gauges.success.set(from, outcome === 'ok' ? 1 : 0);
    if (address !== null) gauges.protocol.set(from, address.includes(':') ? 6 : 4);
    if (tls?.version) gauges.tls.set({ ...from, version: tls.version }, 1);
    const expiry = certificate === null ? undefined : expiries.get(certificate);
    if (expiry !== undefined) gauges.expiry.set(from, expiry);
    noteTimes(report, from, gauges);
  }
}

function noteTimes(
  { timings, tainted, synRetransmits }: Report,
  from: { readonly endpoint: string; readonly instance: string; readonly region: string },
  gauges: ReturnType<typeof gaugesIn>,
): void {
  const spoiled = (stage: (typeof PHASES)[number][1]): boolean =>
    tainted.includes(stage) || (stage === 'tcp' && synRetransmits > 0);
  const times = PHASES.flatMap(([phase, stage, field]) => {
    const ms = timings[field];
    return ms === undefined ? [] : [{ phase, seconds: ms / 1000, spoiled: spoiled(stage) }];
  });
  for (const { phase, seconds, spoiled: left } of times) {
    if (left) continue;
    gauges.phase.set({ ...from, phase }, seconds);
    if (phase === 'resolve') gauges.dns.set(from, seconds);
  }
  if (times.length > 0 && times.every((time) => !time.spoiled)) {
    gauges.duration.set(
      from,
      times.reduce((sum, { seconds }) => sum + seconds, 0),
    );
  }
}
