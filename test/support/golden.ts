import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';

/** The text equals the file at `url`; with UPDATE_GOLDEN=1 the file is written instead. */
export function expectGolden(url: URL, text: string): void {
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(url.pathname), { recursive: true });
    writeFileSync(url, text);
    return;
  }
  expect(text, `${url.pathname} (UPDATE_GOLDEN=1 writes it)`).toBe(readFileSync(url, 'utf8'));
}
