import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Local, startLocal } from '../../lib/local/local.ts';
import { browserMissing, openBrowser, overflow, watchPage } from '../support/dashboard/browser.ts';
import { canned, cannedStatuses } from '../support/dashboard/canned.ts';
import { type DnsServer, dnsServer } from '../support/dns-server.ts';
import { localOptions } from '../support/local.ts';

const WAIT = { timeout: 60_000 };
/** Nothing listens at the second. */
const [LISTENING, DEAD] = ['127.0.0.2', '127.0.0.3'];

describe.skipIf(browserMissing())('the dashboard', () => {
  const shop = createServer((socket) => socket.end().on('error', () => {}));
  const resolvers: DnsServer[] = [];
  let local: Local;
  let browser: Browser;
  let context: BrowserContext;
  let api: string;
  let wrongs: readonly string[];
  let page: Page;

  beforeAll(async () => {
    shop.listen(0, LISTENING);
    await once(shop, 'listening');
    const { port } = shop.address() as AddressInfo;
    for (const address of [LISTENING, DEAD])
      resolvers.push(await dnsServer({ 'shop.test': { a: [address] } }));
    const [eu, us] = resolvers.map(({ resolver }) => resolver);
    local = startLocal(localOptions({ resolver: [`eu-test-1=${eu}`, `us-test-1=${us}`] }), (event) => {
      if (event.event === 'trouble') console.warn(event.text);
    });
    [api, browser] = await Promise.all([local.ready, openBrowser()]);
    for (const [id, host] of [
      ['shop', 'shop.test'],
      ['elsewhere', LISTENING],
    ]) {
      const body = {
        host,
        port,
        handshake: 'tcp',
        intervalSeconds: 10,
        alertAfterSeconds: 0,
        tags: [`${id}-tag`],
      };
      const headers = { 'content-type': 'application/json' };
      const put = await fetch(`${api}/endpoints/${id}`, {
        method: 'PUT',
        headers,
        body: JSON.stringify(body),
      });
      expect(put.status).toBe(201);
    }
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    // The first to come may meet the page that says that it is being built.
    await page.goto(api);
    await page.getByRole('link', { name: 'Parallax' }).waitFor(WAIT);
    wrongs = watchPage(page, api);
  });
  afterAll(async () => {
    await browser?.close();
    await local?.close();
    await Promise.all(resolvers.map((one) => one.close()));
    shop.close();
  });

  test('of 1,000 endpoints no more rows are made than can be seen, and all can be scrolled to', async () => {
    const many = await context.newPage();
    const said = watchPage(many, api);
    await canned(many, cannedStatuses(1000));
    await many.goto(api);
    const rows = many.locator('.matrix tbody tr:not(.gap)');
    await many.getByRole('row', { name: /service-0137/ }).waitFor(WAIT);
    expect(await many.getByRole('table').getAttribute('aria-rowcount')).toBe('1001');
    // What is blocked comes first.
    expect(await rows.first().innerText()).toMatch(/service-0137[\s\S]*P2[\s\S]*blocked from ap-southeast-2/);
    for (const share of [0.2, 0.5, 0.8, 1]) {
      await many.evaluate(`scrollTo(0, ${share} * document.documentElement.scrollHeight)`);
      const index = Math.floor(share * 900);
      await expect
        .poll(async () => Number(await rows.last().getAttribute('aria-rowindex')), WAIT)
        .toBeGreaterThan(index);
      expect(await rows.count()).toBeLessThan(60);
    }
    await many.getByRole('link', { name: 'service-0999' }).waitFor(WAIT);
    await many.getByRole('searchbox').fill('payments 0137 prod');
    await expect.poll(() => many.locator('.matrix').count(), WAIT).toBe(0);
    await many.getByRole('searchbox').fill('0137');
    await expect.poll(() => rows.count(), WAIT).toBe(1);
    expect(said).toEqual([]);
    await many.close();
  });

  test('a port that one region cannot reach is shown, found, and acknowledged without a mouse', async () => {
    const row = page.getByRole('row', { name: /shop/ });
    await row.getByText(/from us-test-1/).waitFor(WAIT);
    expect(await row.innerText()).toMatch(/P2/);
    expect(await row.getByRole('cell').last().innerText()).toMatch(/tcp refused/);
    expect(await row.getByRole('img', { name: 'us-test-1 failing' }).count()).toBe(1);
    expect(await row.getByRole('img', { name: 'eu-test-1 passing' }).count()).toBe(1);

    await page.keyboard.press('/');
    await page.keyboard.type('elsewhere');
    await expect.poll(() => row.count(), WAIT).toBe(0);
    expect(page.url()).toContain('q=elsewhere');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: /^failing/ }).press('Enter');
    await expect.poll(() => page.getByRole('row', { name: /elsewhere/ }).count(), WAIT).toBe(0);
    expect(await row.count()).toBe(1);

    const incident = page.getByRole('region', { name: 'Open incidents' }).getByRole('link');
    await incident.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /shop.*from us-test-1/ }).waitFor(WAIT);
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    expect(
      await page
        .getByRole('list')
        .getByText(/nc -vz/)
        .count(),
    ).toBeGreaterThan(0);
    await page.getByLabel('Who looks after it').fill('ada');
    await page.getByLabel('Note').fill('asking the network team');
    await page.keyboard.press('Enter');
    await page.getByText(/ada looks after it: asking the network team/).waitFor(WAIT);
    const open = (await (await fetch(`${api}/incidents`)).json()) as {
      readonly items: readonly {
        readonly endpoint: string;
        readonly acknowledged: { readonly by: string } | null;
      }[];
    };
    expect(open.items).toMatchObject([{ endpoint: 'shop' }]);
    await page.getByRole('button', { name: 'Take it back' }).waitFor(WAIT);
  });

  test('an endpoint’s page says where it ends, what differs, and what a check sees now', async () => {
    await page.getByRole('heading', { level: 1 }).getByRole('link').press('Enter');
    const ladder = page.getByRole('region', { name: 'The newest handshake from each region' });
    await ladder.getByText('✕ tcp refused').waitFor(WAIT);
    expect(await ladder.getByTitle(/^tcp [\d.]+ ms/).count()).toBe(1);
    await page.getByText(`${DEAD} differs`).waitFor(WAIT);
    const seen = page.getByRole('region', { name: 'What the regions saw' });
    await seen.getByRole('img', { name: /eu-test-1: [1-9]\d* of \d+ tries passed/ }).waitFor(WAIT);
    await seen.getByRole('button', { name: '24 h' }).click();
    await seen.getByRole('img', { name: /us-test-1: \d+ of [1-9]\d* tries passed/ }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Check now' }).click();
    const check = page.getByRole('region', { name: /Checked now: .*from us-test-1/ });
    await check.getByText('✕ tcp refused').waitFor(WAIT);
  });

  test('on a phone, in the dark, nothing is wider than the window', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });
    const { hash: endpoint } = new URL(page.url());
    for (const [hash, shown] of [
      ['#/', 'row'],
      ['#/incidents', 'link'],
      ['#/regions?endpoint=shop', 'link'],
      [endpoint, 'heading'],
    ] as const) {
      await page.goto(`${api}/${hash}`);
      await page.getByRole('main').getByRole(shown, { name: /shop/ }).first().waitFor(WAIT);
      expect(await overflow(page), hash).toBe(0);
      expect((await page.screenshot()).length).toBeGreaterThan(5000);
    }
    const background = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    expect(background).toBe('rgb(12, 17, 20)');
    expect(wrongs).toEqual([]);
  });

  test('an API that is gone is said to be gone, and what was seen stays', async () => {
    await page.goto(`${api}/#/`);
    await page.getByRole('row', { name: /shop/ }).waitFor(WAIT);
    await page.route('**/api/**', (route) => route.abort());
    // It looks again, as when the network is back.
    await page.evaluate("dispatchEvent(new Event('online'))");
    await page
      .getByRole('alert')
      .getByText(/Not live since/)
      .waitFor(WAIT);
    expect(await page.getByRole('row', { name: /shop/ }).count()).toBe(1);
  });
});
