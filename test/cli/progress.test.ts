import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { waiting } from '../../lib/cli/progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function screen(isTTY: boolean) {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
  stream.on('data', (chunk) => written.push(String(chunk)));
  return { output: stream as unknown as NodeJS.WriteStream & typeof process.stderr, written };
}

test('what takes longer than two seconds says so on a terminal, and is gone when it is done', async () => {
  const { output, written } = screen(true);
  const work = Promise.withResolvers<string>();
  const shown = waiting('endpoints', work.promise, output);
  await vi.advanceTimersByTimeAsync(1900);
  expect(written.join('')).not.toContain('endpoints');
  await vi.advanceTimersByTimeAsync(1500);
  expect(written.join('')).toMatch(/endpoints … 3 s/);
  work.resolve('done');
  expect(await shown).toBe('done');
  const drawn = written.length;
  await vi.advanceTimersByTimeAsync(5000);
  expect(written.slice(drawn).join('')).not.toContain('endpoints');
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing is drawn where nobody looks, and a failure is the same failure', async () => {
  const { output, written } = screen(false);
  const work = Promise.withResolvers<string>();
  const shown = waiting('endpoints', work.promise, output);
  await vi.advanceTimersByTimeAsync(5000);
  work.reject(new Error('refused'));
  await expect(shown).rejects.toThrow('refused');
  expect(written).toEqual([]);
});
