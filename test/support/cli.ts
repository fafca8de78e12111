import { vi } from 'vitest';
import { main } from '../../lib/cli/program.ts';

export interface Ran {
  readonly code: typeof process.exitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line here, in this process; one at a time. */
export async function runCli(...args: readonly string[]): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      written[name] += String(chunk);
      return true;
    }),
  );
  const consoles = (
    [
      ['log', 'stdout'],
      ['error', 'stderr'],
    ] as const
  ).map(([method, name]) =>
    vi.spyOn(console, method).mockImplementation((text: string) => {
      written[name] += `${text}\n`;
    }),
  );
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await main(['node', 'parallax', ...args]);
    return { code: process.exitCode, ...written };
  } finally {
    process.exitCode = before;
    for (const spy of [...spies, ...consoles]) spy.mockRestore();
  }
}
