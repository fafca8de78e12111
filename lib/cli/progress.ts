import { createLogUpdate } from 'log-update';

/** What takes longer is said to be going on. */
const QUIET_MS = 2000;
const FRAME_MS = 120;
const FRAMES = ['⠋', '⠙', '⠸', '⠴', '⠦', '⠇'] as const;

/**
 * The same promise; while it takes its time, a line says what is waited for and how long, on stderr and only where somebody looks. It leaves
 * the keyboard alone: Ctrl-C ends the command as ever.
 */
export async function waiting<T>(what: string, work: Promise<T>, output = process.stderr): Promise<T> {
  if (!output.isTTY) return work;
  const began = performance.now();
  const draw = createLogUpdate(output);
  let frame = 0;
  const timer = setInterval(() => {
    const ms = performance.now() - began;
    if (ms < QUIET_MS) return;
    frame = (frame + 1) % FRAMES.length;
    draw(`${FRAMES[frame] ?? ''} ${what} … ${Math.floor(ms / 1000)} s`);
  }, FRAME_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (performance.now() - began >= QUIET_MS) {
      draw.clear();
      draw.done();
    }
  }
}
