import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMonitorFile } from '../../../lib/cli/apply/file.ts';
import { importText } from '../../../lib/cli/import/import.ts';
import { readModules } from '../../../lib/cli/import/modules.ts';
import { readTargets } from '../../../lib/cli/import/read.ts';

const MODULES = `
modules:
  http_2xx: {prober: http, http: {valid_status_codes: [200]}}
  secure: {prober: tcp, tcp: {tls: true, tls_config: {insecure_skip_verify: true, server_name: mail.example.com}}}
  ssh: {prober: tcp, tcp: {query_response: [{expect: "^SSH-2.0-"}]}}
  ping4: {prober: icmp, icmp: {preferred_ip_protocol: ip4}}
  calls: {prober: grpc, grpc: {tls: true}}
`;

function imported(text: string, modules = '') {
  const known = modules === '' ? new Map() : readModules('blackbox.yml', modules);
  return importText(readTargets('f', text), known);
}

/** What apply makes of what import wrote. */
function endpointsOf(written: string) {
  const read = readMonitorFile(written);
  if ('mistakes' in read) throw new Error('apply refuses it', { cause: read.mistakes });
  return read.file.endpoints.map(
    ({ id, settings: { host, port, handshake } }) => `${id} ${host} ${port} ${handshake}`,
  );
}

const job = (module: string, ...targets: readonly string[]): string =>
  JSON.stringify({
    scrape_configs: [{ job_name: 'j', params: { module: [module] }, static_configs: [{ targets }] }],
  });

describe('targets', () => {
  const cases: readonly (readonly [
    name: string,
    module: string,
    targets: readonly string[],
    made: readonly string[],
  ])[] = [
    [
      'URLs',
      'http_2xx',
      ['https://a.example.com/health', 'http://b.example.com', 'c.example.com', 'https://d.example.com:8443'],
      [
        'a-example-com a.example.com 443 tls',
        'b-example-com b.example.com 80 tcp',
        'c-example-com c.example.com 80 tcp',
        'd-example-com d.example.com 8443 tls',
      ],
    ],
    [
      'addresses',
      'tcp_connect',
      ['192.0.2.1:22', '[2001:db8::1]:22'],
      ['192-0-2-1 192.0.2.1 22 tcp', '2001-db8-1 2001:db8::1 22 tcp'],
    ],
    ['TLS', 'tcp_tls', ['a.example.com:5000'], ['a-example-com a.example.com 5000 tls']],
    [
      'a module of another name',
      'mine',
      ['a.example.com:993', 'b.example.com:22'],
      ['a-example-com a.example.com 993 tls', 'b-example-com b.example.com 22 tcp'],
    ],
    [
      'gRPC',
      'grpc',
      ['a.example.com:443', 'b.example.com:50051'],
      ['a-example-com a.example.com 443 http2', 'b-example-com b.example.com 50051 tcp'],
    ],
    ['ports of one host', 'tcp_connect', ['a:22', 'a:80'], ['a-22 a 22 tcp', 'a-80 a 80 tcp']],
    [
      'ids that would be the same',
      'tcp_connect',
      ['a.b:22', 'a-b:22'],
      ['a-b a.b 22 tcp', 'a-b-2 a-b 22 tcp'],
    ],
    ['one place, several paths', 'http_2xx', ['https://a/x', 'https://a/y'], ['a a 443 tls']],
  ];
  test.each(cases)('%s', (_, module, targets, made) => {
    expect(endpointsOf(imported(job(module, ...targets)).text)).toEqual(made);
  });

  test.each([
    ['icmp', '192.0.2.1', '192.0.2.1: ICMP is not tried here: name a TCP port that answers there'],
    ['dns_udp', '192.0.2.1:53', '192.0.2.1:53: DNS queries are not sent here: port 53 can be tried over TCP'],
    ['tcp_connect', 'a.example.com', 'a.example.com: it has no port'],
    ['smtp_starttls', 'a.example.com:25', /^a.example.com:25: port must not be 25/],
    ['http_2xx', 'https://user:secret@a b/', /^"?(?!.*secret)/],
  ])('%s %s is left out, with a line', (module, target, line) => {
    const { leftOut, text } = imported(job(module, target));
    expect(leftOut).toEqual([expect.stringMatching(line)]);
    expect(text).toContain(`# Left out: ${leftOut[0]}`);
    expect(endpointsOf(text)).toEqual([]);
  });
});

test('with the exporter’s configuration nothing is guessed', () => {
  const text = JSON.stringify([
    { targets: ['mail.internal:587'], labels: { __param_module: 'secure' } },
    { targets: ['a:22'], labels: { __param_module: 'ssh' } },
    { targets: ['b:1'], labels: { __param_module: 'calls' } },
    { targets: ['c'], labels: { __param_module: 'ping4' } },
  ]);
  const { text: written, leftOut } = imported(text, MODULES);
  expect(endpointsOf(written)).toEqual(['mail-internal mail.internal 587 tls', 'a a 22 tcp', 'b b 1 http2']);
  expect(written).toMatch(/serverName: mail.example.com\n {4}certificate: ignore/);
  expect(written).toContain('# what is said after the connect is not looked at here\n  a:');
  expect(written).not.toContain('guess');
  expect(leftOut).toHaveLength(1);
});

test('a configuration of Prometheus: its jobs, labels and intervals', () => {
  const { text, leftOut } = imported(`
global: {scrape_interval: 15s}
scrape_configs:
  - job_name: node
    static_configs: [{targets: ['n1:9100']}]
  - job_name: web
    metrics_path: /probe
    params: {module: [http_2xx]}
    scrape_interval: 1m30s
    static_configs:
      - targets: ['https://shop.example.com/health?token=secret']
        labels: {team: web, env: prod/eu, scope: x, instance: Shop, replicas: 3, __hidden: y}
  - job_name: ssh
    relabel_configs: [{target_label: __param_module, replacement: tcp_connect}]
    static_configs: [{targets: ['b:22']}]
  - job_name: found
    metrics_path: /probe
    file_sd_configs: [{files: ['t/*.json']}]
    kubernetes_sd_configs: [{role: service}]
`);
  expect(text.slice(text.indexOf('endpoints:'))).toBe(`endpoints:
  # tls is a guess from the name of module http_2xx
  # every 1m30s there, every 120 s here
  # its path is not asked for: no request is ever sent
  shop-example-com:
    host: shop.example.com
    port: 443
    handshake: tls
    intervalSeconds: 120
    name: Shop
    tags: [env:prod-eu, their-scope:x, replicas:3]
    team: web
  # tcp is a guess from the name of module tcp_connect
  # every 15s there, every 20 s here
  b:
    host: b
    port: 22
    handshake: tcp
    intervalSeconds: 20
`);
  expect(leftOut).toEqual([
    'job node: scrapes its targets, and probes nothing',
    'job found: import the files that its file_sd_configs name too',
    'job found: what kubernetes_sd_configs finds is not in this file',
  ]);
});

test.each([
  ['a: [', /^f:1:5 /],
  ['a: 1', /^f: neither a Prometheus configuration nor a list of targets/],
  [MODULES, /^f: these are the modules, not the targets: write them as --modules f$/],
  ['[{targets: 1}]', /^f: 0.targets: /],
  ['scrape_configs: [{}]', /^f: scrape_configs.0.job_name: /],
])('%j is one line', (text, says) => {
  expect(() => imported(text)).toThrow(says);
});

test('whatever is imported, apply takes it', () => {
  const label = fc.string({ unit: 'grapheme', maxLength: 80 });
  const target = fc.oneof(
    fc.webUrl({ withQueryParameters: true }),
    fc.tuple(fc.domain(), fc.nat(70_000)).map(([host, port]) => `${host}:${port}`),
    fc.tuple(fc.ipV6(), fc.nat(70_000)).map(([host, port]) => `[${host}]:${port}`),
    label,
  );
  const group = fc.record({
    targets: fc.array(target, { maxLength: 4 }),
    labels: fc.dictionary(fc.oneof(label, fc.constantFrom('team', 'name', 'scope', '__param_module')), label),
  });
  fc.assert(
    fc.property(fc.array(group, { maxLength: 4 }), (groups) => {
      endpointsOf(imported(JSON.stringify(groups)).text);
    }),
    { numRuns: 100 },
  );
});
