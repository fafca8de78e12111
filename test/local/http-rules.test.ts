import { expect, test } from 'vitest';
import { match } from '../../lib/local/http/routes.ts';
import { isLoopbackHost, refusal } from '../../lib/local/http/rules.ts';

test.each(['127.0.0.1:7400', '127.9.8.7', 'localhost', 'LOCALHOST:1', '[::1]:7400', '[::1]'])(
  '%s is this machine',
  (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  },
);

test.each([
  undefined,
  '',
  'evil.example',
  '127.0.0.1.evil.example',
  'localhost.evil.example:7400',
  '10.0.0.1',
  '0.0.0.0:7400',
  '127.0.0.1:7400:1',
  '[::2]',
  'evil.example:127.0.0.1',
  '127.1',
])('%s is not', (host) => {
  expect(isLoopbackHost(host)).toBe(false);
});

const host = '127.0.0.1:7400';
test.each([
  { host },
  { host, origin: 'http://127.0.0.1:7400' },
  { host, 'sec-fetch-site': 'same-origin' },
  { host, 'sec-fetch-site': 'none' },
])('serves %j', (headers) => {
  expect(refusal(headers)).toBeNull();
});
test.each([
  { host, origin: 'http://evil.example' },
  { host, origin: 'null' },
  { host, origin: 'https://127.0.0.1:7400' },
  { host, origin: 'http://127.0.0.1:7401' },
  { host, 'sec-fetch-site': 'cross-site' },
  { host, 'sec-fetch-site': 'same-site' },
])('refuses %j', (headers) => {
  expect(refusal(headers)).toMatch(/another site|own pages/);
});

const ROUTES = [
  { method: 'GET', path: '/endpoints' },
  { method: 'GET', path: '/endpoints/{id}' },
  { method: 'PUT', path: '/endpoints/{id}' },
  { method: 'GET', path: '/endpoints/{id}/status' },
  { method: 'GET', path: '/endpoints/newest' },
] as const;
test.each([
  ['GET', '/endpoints', '/endpoints', {}],
  ['PUT', '/endpoints/shop', '/endpoints/{id}', { id: 'shop' }],
  ['GET', '/endpoints/a%2Fb/status', '/endpoints/{id}/status', { id: 'a/b' }],
  ['GET', '/endpoints/newest', '/endpoints/newest', {}],
])('%s %s', (method, path, route, parameters) => {
  expect(match(ROUTES, method, path)).toMatchObject({
    kind: 'found',
    found: { route: { path: route }, parameters },
  });
});
test('a path that is not there, and one for other methods only', () => {
  expect(match(ROUTES, 'GET', '/nothing')).toEqual({ kind: 'path' });
  expect(match(ROUTES, 'GET', '/endpoints/')).toEqual({ kind: 'path' });
  expect(match(ROUTES, 'DELETE', '/endpoints/shop')).toEqual({ kind: 'method', allow: ['GET', 'PUT'] });
  expect(() => match(ROUTES, 'GET', '/endpoints/%zz')).toThrow(URIError);
});
