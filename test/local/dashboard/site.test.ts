import { expect, test } from 'vitest';
import { openChildren } from '../../../lib/local/children.ts';
import type { Files } from '../../../lib/local/dashboard/files.ts';
import { openSite } from '../../../lib/local/dashboard/site.ts';

const files: Files = new Map([
  ['index.html', Buffer.from('<p>page</p>')],
  ['assets/index-1.js', Buffer.from('script')],
  ['secret.json', Buffer.from('no asset')],
]);

function opened(sources: Parameters<typeof openSite>[2], troubles: string[] = []) {
  return openSite(openChildren(), (what, error) => troubles.push(`${what}: ${String(error)}`), sources);
}

const never = () => Promise.reject(new Error('it is not built again'));

test('what was built before is served, under a policy that lets nothing else in', () => {
  const site = opened({ cached: () => files, build: never });
  const page = site.answer('GET', '/');
  expect(page).toMatchObject({ statusCode: 200, body: Buffer.from('<p>page</p>') });
  const policy = String(page?.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(site.answer('GET', '/assets/index-1.js')?.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': expect.stringContaining('immutable'),
  });
});

test.each([
  ['GET', '/endpoints'],
  ['GET', '/status'],
  ['GET', '/api/status'],
  ['GET', '/secret.json'],
  ['GET', '/assets/absent.js'],
  ['GET', '/assets/../secret.json'],
  ['PUT', '/'],
])('%s %s is not of the dashboard', (method, path) => {
  expect(opened({ cached: () => files, build: never }).answer(method, path)).toBeNull();
});

test('the first to ask begins to build it, and the page says so until it is there', async () => {
  const built = Promise.withResolvers<Files>();
  let builds = 0;
  const build = () => {
    builds += 1;
    return built.promise;
  };
  const site = opened({ cached: () => null, build });
  expect(builds).toBe(0);
  expect(String(site.answer('GET', '/')?.body)).toMatch(/http-equiv="refresh".*Building/);
  expect(site.answer('GET', '/')?.statusCode).toBe(503);
  expect(builds).toBe(1);
  built.resolve(files);
  await built.promise;
  await expect.poll(() => site.answer('GET', '/')?.statusCode).toBe(200);
});

test('what keeps it from being built is told, and shown as text', async () => {
  const troubles: string[] = [];
  const site = opened({ cached: () => null, build: () => Promise.reject(new Error('no <vite>')) }, troubles);
  site.answer('GET', '/');
  await expect.poll(() => site.answer('GET', '/')?.statusCode).toBe(500);
  expect(String(site.answer('GET', '/')?.body)).toContain('no &lt;vite>');
  expect(troubles).toEqual([expect.stringContaining('npm ci')]);
});
