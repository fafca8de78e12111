/** What is done sooner needs no progress. */
const QUIET_MS = 2000;

export interface Progress {
  /** One more is done. */
  step(): void;
  close(): void;
}

/** Says on stderr how far it is, in one line that goes away, where somebody looks at a terminal and waits. */
export function openProgress(what: string, total: number): Progress {
  const { stderr } = process;
  const began = performance.now();
  let done = 0;
  let shown = false;
  return {
    step() {
      done += 1;
      if (!stderr.isTTY || performance.now() - began < QUIET_MS) return;
      shown = true;
      stderr.write(`\r\x1b[K${what} ${done} of ${total} …`);
    },
    close() {
      if (shown) stderr.write('\r\x1b[K');
    },
  };
}
