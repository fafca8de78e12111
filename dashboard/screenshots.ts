// Makes the pictures of the README from the demo: node dashboard/screenshots.ts. It takes about a minute, and needs Debian's chromium.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const REGIONS = 'eu-west-1,eu-central-1,us-east-1,us-west-2,sa-east-1,ap-southeast-2';
const ARGS = ['bin/parallax.js', 'local', '--regions', REGIONS, '--port', '0', '--json'];
/** Of the last half minute alone a line says little. */
const WATCHED_MS = 12_000;

interface Line {
  readonly event: string;
  readonly api?: string;
  readonly topic?: string;
  readonly alert?: { readonly event?: string; readonly kind?: string };
}

const stack = spawn(process.execPath, ARGS, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
const lines = createInterface({ input: stack.stdout })[Symbol.asyncIterator]();
async function until(fits: (line: Line) => boolean): Promise<Line> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error('the stack ended early; it says above why');
    const line: Line = JSON.parse(value);
    if (fits(line)) return line;
  }
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const { api = '' } = await until(({ event }) => event === 'ready');
  const page = await browser.newPage({ viewport: { width: 1280, height: 480 } });
  await page.goto(api);
  await until(
    ({ topic, alert }) => topic === 'json' && alert?.kind === 'partial' && alert.event === 'trigger',
  );
  await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
  mkdirSync(`${ROOT}docs/assets`, { recursive: true });
  const shoot = async (
    name: string,
    hash: string,
    scheme: 'light' | 'dark',
    width: number,
    height: number,
  ): Promise<void> => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.goto(`${api}/${hash}`);
    await page.getByText('Reading').first().waitFor({ state: 'detached' });
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: `${ROOT}docs/assets/${name}.png` });
  };
  await shoot('dashboard-endpoints', '#/', 'light', 1280, 460);
  await shoot('dashboard-endpoint', '#/endpoints/demo-shop', 'dark', 1180, 1120);
  await shoot('dashboard-map', '#/regions?endpoint=demo-shop', 'light', 1000, 690);
} finally {
  await browser.close();
  stack.kill('SIGINT');
  await once(stack, 'exit');
}
