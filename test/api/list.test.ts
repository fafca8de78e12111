import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';

const least = { host: 'shop.example.com', port: 443, handshake: 'http2' };

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ allowPrivateAddresses: false, ipv6: false });
});
afterAll(() => api.close());

let made = 0;
const fresh = (): string => `e${++made}`;

describe('GET /endpoints', () => {
  test('pages through all of them once, and filters', async () => {
    const ids = Array.from({ length: 7 }, fresh);
    for (const [n, id] of ids.entries()) {
      const intervalSeconds = n % 2 ? 60 : 120;
      await api.call('PUT', `/endpoints/${id}`, {
        ...least,
        intervalSeconds,
        tags: ['page,1'],
        team: n < 3 ? 'a' : 'b',
      });
    }
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const path = `/endpoints?limit=2&tag=page%2C1${next ? `&next=${next}` : ''}`;
      const page: { items: { id: string }[]; next: string | null } = (await api.call('GET', path)).body;
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    expect(seen.sort()).toEqual([...ids].sort());
    const team = await api.call('GET', '/endpoints?tag=page,1&team=a');
    expect(team.body).toMatchObject({ next: null });
    expect(team.body.items).toHaveLength(3);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['next=x', 'next'],
    ['next=WzEsImVuZHBvaW50cyIsIi4uLyJd', 'next'],
    ['form=1', 'form'],
    ['__proto__=1', '__proto__'],
    [`${'q'.repeat(5000)}=1`, `${'q'.repeat(64)}…`],
  ])('refuses ?%s', async (query, parameter) => {
    const refused = await api.call('GET', `/endpoints?${query}`);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ parameter }] } });
  });
});
