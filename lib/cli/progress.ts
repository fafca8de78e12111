/** What takes longer is said to be going on. */
const QUIET_MS = 2000;

/** The same promise; while it takes its time a spinner says what is waited for, on stderr and only where somebody looks. */
export async function waiting<T>(what: string, work: Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return work;
  let settled = false;
  let end = (): void => {};
  const timer = setTimeout(async () => {
    const { spinner } = await import('@clack/prompts');
    if (settled) return;
    const spinning = spinner({ output: process.stderr, indicator: 'timer' });
    spinning.start(what);
    end = () => spinning.clear();
  }, QUIET_MS);
  try {
    return await work;
  } finally {
    settled = true;
    clearTimeout(timer);
    end();
  }
}
