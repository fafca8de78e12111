import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CHECKS_A_MINUTE, postCheck } from '../../lib/api/checks.ts';
import { requestOf } from '../../lib/api/request.ts';
import { ANSWER_WITHIN_MS, type CheckTarget } from '../../lib/endpoint/check.ts';
import { CohortCache } from '../../lib/flow/cohort-cache.ts';
import { probe } from '../../lib/flow/probe.ts';
import type { ProbeContext } from '../../lib/flow/probe-context.ts';
import { Gate } from '../../lib/probe/gate.ts';
import { parseProbeMessage, type Queues } from '../../lib/queue/queues.ts';
import { type Check, countCheck, putCheck } from '../../lib/store/check.ts';
import { allRegions } from '../../lib/store/region.ts';
import type { Topics } from '../../lib/topic/topics.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { certificates } from '../support/certificates.ts';
import { eventOf } from '../support/gateway.ts';
import { type Peer, refusedPort, tcpServer, tlsServer } from '../support/servers.ts';

const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2'];
const TLS = { handshake: 'tls', certificate: 'ignore' };

let api: TestApi;
let secure: Peer;
let nobody: Peer;
beforeAll(async () => {
  api = await startTestApi();
  secure = await tlsServer((await certificates()).good);
  nobody = await refusedPort();
});
afterAll(async () => {
  await secure.close();
  await api.close();
});

/** Nothing but the table: a check that sends anything fails. */
const NO_QUEUES = new Proxy({} as Queues, {
  get: (_, name) => {
    throw new Error(`a check called ${String(name)}`);
  },
});

function contextOf(region: string, changes: Partial<ProbeContext['prober']> = {}): ProbeContext {
  return {
    environment: api.environment(region),
    table: api.table,
    queues: NO_QUEUES,
    prober: {
      resolver: null,
      allowPrivateAddresses: true,
      ipv6: true,
      controls: [],
      sourceAddress: () => '198.51.100.9',
      gate: new Gate(0),
      ...changes,
    },
    cache: new CohortCache(),
    storedCertificates: new Set(),
    clock: { tcpClock: 'loop', trouble: 'koffi_missing', kernelMs: null, loopMs: null },
    noted: null,
    now: Date.now,
  };
}

/** What a region was asked is tried there. */
async function answer(region: string, changes: Partial<ProbeContext['prober']> = {}): Promise<string> {
  const [message] = await api.asked(region);
  const body = JSON.stringify(message);
  await probe(parseProbeMessage(body), 1, contextOf(region, changes));
  return body;
}

interface Shown {
  readonly region: string;
}
const regionIn = (body: { readonly regions: readonly Shown[] }, name: string) =>
  body.regions.find(({ region }) => region === name);

/** A check as it was asked for some time ago. */
async function asked(target: CheckTarget, agoMs: number): Promise<Check> {
  const id = randomBytes(8).toString('hex');
  const one = { id, askedAt: Date.now() - agoMs, endpoint: null, target, regions: REGIONS };
  await putCheck(api.table, one);
  return one;
}

const check = async (input: object) => {
  for (const region of REGIONS) await api.asked(region);
  const { status, headers, body } = await api.call('POST', '/checks', input);
  expect(status, JSON.stringify(body)).toBe(202);
  expect(headers.location).toBe(`/checks/${body.id}`);
  return { body, get: async () => (await api.call('GET', `/checks/${body.id}`)).body };
};

describe('a check', () => {
  test('is tried once from every region, shown as the answers come in, and told to no judge', async () => {
    await api.nudges();
    const { body, get } = await check({ host: '127.0.0.1', port: secure.port, ...TLS });
    const target = { host: '127.0.0.1', port: secure.port, handshake: 'tls', addressFamily: 'ipv4' };
    expect(body).toMatchObject({ complete: false, endpoint: null, target, rule: null, checklist: [] });
    expect(body.regions).toMatchObject(
      REGIONS.map((region) => ({ region, answer: 'pending', state: 'unknown' })),
    );

    await answer('us-east-1');
    const first = await get();
    expect(first).toMatchObject({ complete: false, rule: null });
    expect(regionIn(first, 'us-east-1')).toMatchObject({
      answer: 'answered',
      state: 'passing',
      evidence: 'listening',
      stage: 'tls',
      outcome: 'ok',
      address: '127.0.0.1',
      sourceAddress: '198.51.100.9',
      tls: { version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/), alpn: null },
      tries: 1,
      timings: { tcpMs: expect.any(Number), tlsMs: expect.any(Number) },
    });
    await answer('eu-west-1');
    await answer('ap-southeast-2');
    const whole = await get();
    expect(whole).toMatchObject({ complete: true, rule: 'reachable', checklist: [] });
    expect(whole.certificates).toMatchObject([{ subject: 'CN=shop.test', chain: 2 }]);
    expect(new Set(whole.regions.map(({ certificate }: { certificate: string }) => certificate))).toEqual(
      new Set([whole.certificates[0].sha256]),
    );
    expect(secure.connections()).toBe(3);
    expect(await api.nudges()).toEqual([]);
    expect(await allRegions(api.table)).toEqual([]);
    expect((await api.call('GET', '/incidents')).body.items).toEqual([]);
  });

  test('that is delivered twice keeps what was seen first', async () => {
    const { get } = await check({ host: '127.0.0.1', port: secure.port, handshake: 'tcp' });
    const message = await answer('eu-west-1');
    const before = regionIn(await get(), 'eu-west-1');
    const connections = secure.connections();
    const again = (receiveCount: number) =>
      probe(parseProbeMessage(message), receiveCount, contextOf('eu-west-1'));
    expect(await again(2)).toMatchObject({ tried: 0, stored: 1 });
    expect(secure.connections()).toBe(connections);
    expect(await again(1)).toMatchObject({ tried: 1, stored: 1 });
    expect(regionIn(await get(), 'eu-west-1')).toEqual(before);
  });

  test('where regions differ says in the words of verdicts what that means, and what to look at', async () => {
    const { get } = await check({ host: '127.0.0.1', port: nobody.port, handshake: 'tcp' });
    await answer('eu-west-1');
    const listening = await tcpServer();
    const { get: getMixed } = await check({
      host: '127.0.0.1',
      port: listening.port,
      handshake: 'tcp',
      regions: ['us-east-1', 'eu-west-1'],
    });
    await answer('us-east-1');
    await listening.close();
    await answer('eu-west-1');
    const mixed = await getMixed();
    expect(mixed).toMatchObject({
      complete: true,
      rule: 'refused_from_some',
      regions: [
        { region: 'eu-west-1', state: 'suspect', outcome: 'refused', sourceAddress: '198.51.100.9' },
        { region: 'us-east-1', state: 'passing' },
      ],
    });
    expect(mixed.checklist.join('\n')).toContain('198.51.100.9');
    expect(await api.asked('ap-southeast-2')).toEqual([]);
    expect(regionIn(await get(), 'eu-west-1')).toMatchObject({ outcome: 'refused' });
  });

  test('of silent regions: no answer after 15 s', async () => {
    const { body } = await check({ host: '127.0.0.1', port: nobody.port, handshake: 'tcp' });
    const old = await asked({ ...body.target }, ANSWER_WITHIN_MS + 1000);
    const [answered, ...silent] = REGIONS;
    const order = { v: 1, kind: 'check', id: old.id, askedAt: Date.now(), target: old.target };
    await probe(parseProbeMessage(JSON.stringify(order)), 1, contextOf(answered ?? ''));
    const shown = (await api.call('GET', `/checks/${old.id}`)).body;
    expect(shown).toMatchObject({ complete: true, rule: 'failing_where_seen' });
    expect(shown.regions).toMatchObject([
      { region: answered, answer: 'answered' },
      ...silent.map((region) => ({ region, answer: 'no_answer', state: 'unknown', outcome: null })),
    ]);
  });

  test('that is delivered when nobody waits any more is not tried', async () => {
    const target = { host: '127.0.0.1', port: secure.port, handshake: 'tcp' } as const;
    const old = await asked({ ...target, addressFamily: 'ipv4', certificate: 'verify' }, 20_000);
    const connections = secure.connections();
    const message = parseProbeMessage(JSON.stringify({ v: 1, kind: 'check', ...old }));
    expect(await probe(message, 1, contextOf('eu-west-1'))).toMatchObject({ tried: 0, tooLate: 1 });
    expect(secure.connections()).toBe(connections);
  });

  test('is there for good, and so is what was seen', async () => {
    const target = { host: '127.0.0.1', port: secure.port, addressFamily: 'ipv4', ...TLS } as CheckTarget;
    const old = await asked(target, 3 * 365 * 86_400_000);
    const message = parseProbeMessage(JSON.stringify({ v: 1, kind: 'check', ...old }));
    const then = { ...contextOf('eu-west-1'), now: () => old.askedAt + 1000 };
    expect(await probe(message, 1, then)).toMatchObject({ tried: 1 });
    const { status, body } = await api.call('GET', `/checks/${old.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: old.id, complete: true, certificates: [{ subject: 'CN=shop.test' }] });
    expect(regionIn(body, 'eu-west-1')).toMatchObject({ answer: 'answered', state: 'passing', stage: 'tls' });
    expect(regionIn(body, 'us-east-1')).toMatchObject({ answer: 'no_answer' });
  });

  test('goes by a registered endpoint, also one that is not watched', async () => {
    const settings = {
      host: '127.0.0.1',
      port: secure.port,
      ...TLS,
      serverName: 'shop.test',
      enabled: false,
    };
    await api.call('PUT', '/endpoints/shop', settings);
    const { body } = await check({ endpoint: 'shop' });
    const target = { serverName: 'shop.test', certificate: 'ignore', handshake: 'tls' };
    expect(body).toMatchObject({ endpoint: 'shop', target });
    const [message] = await api.asked('eu-west-1');
    expect(message).toMatchObject({ kind: 'check', target });
  });

  test('does not dial a forbidden address that a name leads to', async () => {
    const { get } = await check({ host: '127.0.0.1', port: secure.port, handshake: 'tcp' });
    const connections = secure.connections();
    for (const region of REGIONS) await answer(region, { allowPrivateAddresses: false });
    expect(secure.connections()).toBe(connections);
    const body = await get();
    expect(body).toMatchObject({ complete: true, rule: null });
    expect(body.regions[0]).toMatchObject({ state: 'unknown', outcome: 'address_forbidden' });
    expect(body.checklist[0]).toMatch(/"allowPrivateAddresses": true/);
  });
});

test.each([
  [{ host: 'shop.example.com', handshake: 'tls' }, '#/port', /port is required/],
  [{ host: 'shop.example.com', port: 25, handshake: 'tcp' }, '#/port', /must not be 25/],
  [{ host: 'https://shop.example.com', port: 443, handshake: 'tcp' }, '#/host', /without a scheme/],
  [{ host: 'shop.example.com', port: 443, handshake: 'tcp', regions: ['mars'] }, '#/regions/0', /"mars"/],
  [{ host: 'shop.example.com', port: 443, handshake: 'tcp', tags: [] }, '#/tags', /unknown field/],
  [{ endpoint: 'Shop!' }, '#/endpoint', /must be the id of an endpoint/],
  [{ endpoint: 'shop', port: 443 }, '#/port', /unknown field/],
  [{ endpoint: 'shop', regions: ['mars'] }, '#/regions/0', /"mars"/],
])('%j is refused, and no region is asked', async (input, pointer, message) => {
  for (const region of REGIONS) await api.asked(region);
  const { status, body } = await api.call('POST', '/checks', input);
  expect(status).toBe(400);
  expect(body.errors[0]).toMatchObject({ pointer, message: expect.stringMatching(message) });
  for (const region of REGIONS) expect(await api.asked(region)).toEqual([]);
});

test('what there is not is not found', async () => {
  expect((await api.call('POST', '/checks', { endpoint: 'nobody' })).status).toBe(404);
  for (const id of ['0123456789abcdef', 'nonsense']) {
    const { status, body } = await api.call('GET', `/checks/${id}`);
    expect(status).toBe(404);
    expect(body.detail).toMatch(/there is no check .*kept for good/);
  }
});

test('more than so many a minute are told when to try again', async () => {
  const target = { host: '127.0.0.1', port: 9, handshake: 'tcp' };
  const ask = () => api.call('POST', '/checks', target);
  // Should the minute end meanwhile, those of two are more than enough.
  const answers = await Promise.all(Array.from({ length: 2 * CHECKS_A_MINUTE + 1 }, ask));
  expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThan(0);
  const refused = answers.find(({ status }) => status === 429);
  const seconds = Number(refused?.headers['retry-after']);
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
  const detail = expect.stringMatching(new RegExp(`in ${seconds} s$`));
  expect(refused?.body).toMatchObject({ title: 'Too Many Requests', detail });
});

test('a region whose queue fails or hangs keeps nobody from the others; without any there is no check', async () => {
  const logged = vi.spyOn(console, 'warn').mockReturnValue();
  const input = { host: '127.0.0.1', port: 9, handshake: 'tcp' };
  const request = requestOf(eventOf('POST', '/checks', input, {}));
  const post = (sendProbe: Queues['sendProbe']) => {
    const { environment, table } = api;
    const queues = { ...NO_QUEUES, sendProbe };
    // Far from the minute of the test above.
    const now = () => Date.UTC(2041, 0, 1);
    const topics = {} as Topics;
    return postCheck(request, { environment: environment(), table, queues, topics, now });
  };
  const asked: string[] = [];
  const answer = await post(async (region) => {
    if (region === 'eu-west-1') throw new Error('cut off');
    if (region === 'us-east-1') await new Promise(() => {});
    asked.push(region);
  });
  expect(answer).toMatchObject({ status: 202, body: { complete: false } });
  expect(asked).toEqual(['ap-southeast-2']);
  expect(logged.mock.calls.flat().join('\n')).toMatch(/eu-west-1.*cut off[\s\S]*us-east-1.*did not answer/);
  await expect(post(() => Promise.reject(new Error('cut off')))).rejects.toThrow(/no region could be asked/);
  logged.mockRestore();
});

test('the count of a minute ends with it', async () => {
  const nowMs = Date.UTC(2040, 0, 1, 0, 0, 40);
  const counted = (atMs: number) => countCheck(api.table, atMs, 2);
  expect([await counted(nowMs), await counted(nowMs), await counted(nowMs)]).toEqual([true, true, false]);
  expect(await counted(nowMs + 20_000)).toBe(true);
});
