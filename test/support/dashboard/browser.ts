import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's. */
const CHROMIUM = '/usr/bin/chromium';

/** Whether there is a browser to look with; one line on the console says so where there is none. @throws where PARALLAX_LAB=required. */
export function browserMissing(): boolean {
  if (existsSync(CHROMIUM)) return false;
  if (process.env.PARALLAX_LAB === 'required') throw new Error(`${CHROMIUM} is required here`);
  console.warn(`The dashboard is not looked at: there is no ${CHROMIUM}`);
  return true;
}

/** Root may not have a sandbox; what is shown is ours. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });

/** What a page must not do: say something on its console, or ask anybody but its own server. */
export function watchPage(page: Page, origin: string): readonly string[] {
  const wrongs: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrongs.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrongs.push(`thrown: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) wrongs.push(`asked: ${request.url()}`);
  });
  return wrongs;
}

/** By how many px a page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
}
