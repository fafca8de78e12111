import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { allOf, bodyOf, connect } from '../../lib/cli/api-client.ts';
import { openFetch } from '../../lib/cli/api-fetch.ts';
import { ApiRefusal } from '../../lib/cli/api-refusal.ts';
import { UsageError } from '../../lib/local/usage-error.ts';
import { type Given, startAnswers } from '../support/http-answers.ts';
import { regionOf, signatureTrouble } from '../support/sigv4.ts';

const KEY = 'AKIDEXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

let given: Given | null = {};
const server = await startAnswers(() => given);
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
  given = { body: { items: [], next: null } };
  // Nothing of the machine that runs the tests.
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_PROFILE', '');
  vi.stubEnv('AWS_ACCESS_KEY_ID', KEY);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET);
  vi.stubEnv('AWS_SESSION_TOKEN', 'a/session+token==');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
});
afterEach(() => vi.unstubAllEnvs());

const signed = () => connect({ api: server.url, sign: true });
const unsigned = () => connect({ api: server.url, sign: false });

async function refusalOf(asking: Promise<unknown>): Promise<ApiRefusal> {
  const error = await asking.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ApiRefusal) return error;
  throw new Error('not refused', { cause: error });
}

describe('a signature', () => {
  const body = { until: '2026-01-31T12:00:00Z', note: 'Umzug, größer' };
  test.each([
    ['of a GET', () => signed().GET('/regions')],
    [
      'with a query that wants encoding',
      () => signed().GET('/status', { params: { query: { team: 'web & (db)*', tag: "a+b c'!", limit: 5 } } }),
    ],
    [
      'with a path that wants encoding, and a body',
      () =>
        signed().PUT('/mutes/tags/{tag}', { params: { path: { tag: "größe a+b:(c)*!'=&" } }, body: body }),
    ],
    [
      'with headers',
      () =>
        signed().DELETE('/endpoints/{id}', {
          params: { path: { id: 'shop' }, header: { 'If-Match': '"3"' } },
        }),
    ],
    ['of an empty POST', () => signed().POST('/drills')],
  ])('is the right one %s', async (_, ask) => {
    await ask();
    const [request] = server.asked;
    if (!request) throw new Error('nothing was asked');
    expect(signatureTrouble(request, new Map([[KEY, SECRET]]))).toBeNull();
    expect(signatureTrouble(request, new Map([[KEY, `${SECRET}x`]]))).toMatch(/another request/);
    const tampered = { ...request, target: `${request.target}x` };
    expect(signatureTrouble(tampered, new Map([[KEY, SECRET]]))).toMatch(/another request/);
    expect(regionOf(request)).toBe('eu-central-1');
    expect(request.headers['x-amz-security-token']).toBe('a/session+token==');
  });

  test('is not made where nobody wants one', async () => {
    await unsigned().GET('/regions');
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
  });

  test('wants https, and a region', () => {
    const fetches = (api: string, sign: boolean) => () => openFetch({ api, sign }, {});
    expect(fetches('http://api.example.com', true)).toThrow(
      new UsageError('--api http://api.example.com: what is signed goes over https only'),
    );
    expect(fetches('http://ab12.execute-api.eu-west-1.amazonaws.com', false)).toThrow(UsageError);
    expect(fetches('https://api.example.com', true)).toThrow(/--sign: .* set AWS_REGION/);
    expect(fetches('https://ab12.execute-api.eu-west-1.amazonaws.com', false)).not.toThrow();
    expect(fetches('https://ab12.execute-api.eu-west-1.amazonaws.com.example', true)).toThrow(/AWS_REGION/);
  });
});

describe('a refusal is one line that says what to do', () => {
  const forbidden = (message: string, headers = {}): Given => ({
    status: 403,
    headers: { 'content-type': 'application/json', ...headers },
    body: { message },
  });
  const cases: readonly (readonly [string, Given, boolean, RegExp])[] = [
    ['no signature', forbidden('Forbidden'), false, /wants a signature: add --sign$/],
    [
      'wrong credentials',
      forbidden('Forbidden'),
      true,
      /refuses key AKIDEXAMPLE for eu-central-1: it is expired, of another account, or lacks execute-api:Invoke; aws sts get-caller-identity shows whose it is$/,
    ],
    [
      'expired credentials',
      forbidden('The security token included in the request is expired'),
      true,
      /refuses key AKIDEXAMPLE for eu-central-1 \(The security token included in the request is expired\): /,
    ],
    [
      'a clock that is wrong',
      forbidden('Forbidden', { date: 'Mon, 01 Jan 2024 00:00:00 GMT' }),
      true,
      /the clock of this machine is \d+ min ahead, set it right$/,
    ],
    [
      'an older deployment',
      { status: 404, headers: { 'content-type': 'application/json' }, body: { message: 'Not Found' } },
      true,
      /has no GET \/regions: it is an older deployment \(npx cdk deploy --all\), or --api names another API$/,
    ],
    [
      'another site',
      { headers: { 'content-type': 'text/html' }, body: '<html>' },
      false,
      /answers, but not as Parallax does \(text\/html\): look at --api$/,
    ],
    [
      'another site that does not know the path',
      { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' },
      false,
      /answers, but not as Parallax does \(text\/html\)/,
    ],
    [
      'a redirect',
      { status: 301, headers: { location: 'https://other.example/' }, body: '' },
      true,
      /redirects to https:\/\/other\.example\/: write that as --api/,
    ],
    ['too many requests', { status: 429, body: { message: 'Too Many Requests' } }, true, /too often \(429\)/],
    [
      'a function that cannot run',
      { status: 503, body: { message: 'Service Unavailable' } },
      true,
      /cannot answer now \(503 Service Unavailable\): try again; the log of its api function says more$/,
    ],
    [
      'what somebody else changed',
      { status: 412, body: { detail: 'If-Match does not hold: read the endpoint again' } },
      false,
      /^If-Match does not hold: read the endpoint again$/,
    ],
    [
      'several fields',
      {
        status: 400,
        body: {
          detail: 'port is required (and 1 more, see errors)',
          errors: [
            { pointer: '#/port', message: 'port is required' },
            { pointer: '#/host', message: 'host is required' },
          ],
        },
      },
      false,
      /^port is required; host is required$/,
    ],
  ];
  test.each(cases)('%s', async (_, answer, sign, says) => {
    given = answer;
    const { message, status } = await refusalOf(connect({ api: server.url, sign }).GET('/regions'));
    expect(message).toMatch(says);
    expect(message).not.toContain('\n');
    expect(status).toBe(answer.status ?? 200);
  });

  test('fields are named, for whoever can show them', async () => {
    const errors = [{ pointer: '#/port', message: 'port must be a whole number' }];
    given = { status: 400, body: { detail: 'port must be a whole number', errors } };
    expect((await refusalOf(unsigned().GET('/regions'))).errors).toEqual(errors);
  });

  test('no credentials', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
      vi.stubEnv(name, undefined);
    }
    const { message } = await refusalOf(signed().GET('/regions'));
    expect(message).toMatch(/^no AWS credentials \(.+\): set AWS_PROFILE, run aws sso login, or export/);
    expect(server.asked).toEqual([]);
  });

  test('an API that does not answer', async () => {
    given = null;
    const { url, fetch } = openFetch({ api: server.url, sign: false }, {}, 50);
    const { message } = await refusalOf(fetch(new Request(`${url}/regions`)));
    expect(message).toMatch(/did not answer within 0\.05 s: try again/);
  });

  test('an API that is not there', async () => {
    const gone = await startAnswers(() => null);
    gone.close();
    const refused = (url: string) => refusalOf(connect({ api: url, sign: false }).GET('/regions'));
    expect((await refused(gone.url)).message).toBe(
      `${gone.url} cannot be reached: is parallax local running there? A deployment on AWS is named by --api or PARALLAX_API`,
    );
    // This machine too, by an address that does not say so.
    const elsewhere = gone.url.replace('127.0.0.1', '0.0.0.0');
    expect((await refused(elsewhere)).message).toBe(
      `${elsewhere} cannot be reached (ECONNREFUSED): look at --api, and at your way to it`,
    );
  });
});

test('a list is read to its end, page by page', async () => {
  const pages = [
    { items: [1, 2], next: 'a b' },
    { items: [], next: 'c' },
    { items: [3], next: null },
  ];
  const answer = vi.fn(async (_next: string | undefined) => ({ data: pages[answer.mock.calls.length - 1] }));
  expect(await allOf(answer)).toEqual([1, 2, 3]);
  expect(answer.mock.calls.flat()).toEqual([undefined, 'a b', 'c']);
  given = { body: {} };
  const { message } = await refusalOf(
    allOf((next) => unsigned().GET('/status', { params: { query: { next } } })),
  );
  expect(message).toMatch(/something else than a list/);
});

test('an answer without a body, where there should be one', async () => {
  given = { status: 204 };
  expect((await refusalOf(bodyOf(unsigned().GET('/regions')))).message).toMatch(/without a body/);
});
