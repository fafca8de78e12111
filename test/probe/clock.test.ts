import { describe, expect, it } from 'vitest';
import { deadline, LoopWatch, now, sleep } from '../../lib/probe/clock.ts';

const block = (ms: number): void => {
  const end = now() + ms;
  while (now() < end);
};

describe('the loop watch', () => {
  it('notices a stall, before its own timer has fired and after', async () => {
    const watch = new LoopWatch();
    const release = watch.hold();
    await sleep(10);
    const from = now();
    block(40);
    const to = now();
    expect(watch.spoils(from, to)).toBe(true);
    await sleep(10);
    expect(watch.stalledMs(from, to)).toBeGreaterThan(30);
    expect(watch.spoils(from, to)).toBe(true);
    release();
  });

  it('notices that an answer of a millisecond waited for two more', async () => {
    const watch = new LoopWatch();
    const release = watch.hold();
    await sleep(10);
    const from = now();
    block(3);
    expect(watch.spoils(from, now())).toBe(true);
    release();
  });

  it('notices one long stall in the middle of a phase', async () => {
    const watch = new LoopWatch();
    const release = watch.hold();
    const from = now();
    await sleep(10);
    block(10);
    await sleep(30);
    expect(watch.spoils(from, now())).toBe(true);
    release();
  });

  it('does not blame a long phase for short stalls in its midst', async () => {
    const watch = new LoopWatch();
    const release = watch.hold();
    const phase = async (): Promise<{ readonly stalled: number; readonly spoilt: boolean }> => {
      const from = now();
      for (let n = 0; n < 8; n += 1) {
        block(2.5);
        await sleep(2);
      }
      await sleep(20);
      const to = now();
      return { stalled: watch.stalledMs(from, to), spoilt: watch.spoils(from, to) };
    };
    // A machine with other work can stall any one of them for longer.
    let seen = await phase();
    for (let left = 50; left > 0 && seen.spoilt; left -= 1) seen = await phase();
    expect(seen.spoilt).toBe(false);
    expect(seen.stalled).toBeGreaterThan(4);
    release();
  });

  it('blames no phase that lay elsewhere', async () => {
    const watch = new LoopWatch();
    const release = watch.hold();
    block(30);
    await sleep(10);
    const from = now();
    expect(watch.stalledMs(from, from + 20)).toBe(0);
    expect(watch.spoils(from - 1000, from - 900)).toBe(false);
    release();
    release();
  });
});

describe('a deadline', () => {
  it('lets the loop turn once before it says late', async () => {
    const order: string[] = [];
    await new Promise<void>((done) => {
      deadline(1, () => {
        order.push('late');
        done();
      });
      setTimeout(() => order.push('another timer'), 1);
      block(10);
    });
    expect(order).toEqual(['another timer', 'late']);
  });

  it('can be cancelled, in its last turn too', async () => {
    let late = false;
    const cancel = deadline(0, () => {
      late = true;
    });
    setTimeout(cancel, 1);
    block(5);
    await sleep(10);
    expect(late).toBe(false);
  });
});
