import type { GroupResult } from '../probe/group.ts';
import { roundKey } from '../round/round.ts';
import { putCertificate } from '../store/certificate.ts';
import { getRound, packedOrder, putRound } from '../store/round.ts';
import { noteHealth } from './health.ts';
import type { Made, Probed } from './made.ts';
import { tellNews } from './news.ts';
import type { ProbeContext } from './probe-context.ts';
import { WRITE_DELAYS_MS } from './write.ts';

/**
 * After the last handshake: writes the rounds, then compares each with what the judge knows to fail here, then tells it the
 * news and plans the tries that confirm it. Written before told, so that nothing is told that the judge cannot read.
 */
export async function report(
  made: readonly Made[],
  result: GroupResult,
  context: ProbeContext,
  counts: Probed,
): Promise<void> {
  const written = (await Promise.all(made.map((one) => writeRound(one, context, counts)))).filter(
    (one) => one !== null,
  );
  await storeCertificates(result, context);
  // Nothing to try here is said too, so that silence means silence; nothing that could be written is not.
  const lives = written.length > 0 || counts.nothingToTry > 0;
  // Neither waits for the other: home may be an ocean away, and Lambda's clock runs.
  const noted = lives ? noteHealth(result, written.length > 0, context) : null;
  const [told] = await Promise.allSettled([tellNews(written, context, counts), noted]);
  if (told.status === 'rejected') throw told.reason;
  await noted;
}

/** @returns what is in the table for this key now; null when it waits in this region's own queue. */
async function writeRound(one: Made, context: ProbeContext, counts: Probed): Promise<Made | null> {
  if (one.stored) return one;
  const { table, queues, environment, now } = context;
  const { round } = one;
  try {
    if (await putRound(table, round)) return one;
    const first = await getRound(table, round.cohort, round.region, roundKey(round.cause));
    return first ? { ...one, round: first, stored: true } : one;
  } catch (error) {
    console.warn(JSON.stringify({ message: 'round waits: home unreachable', error: String(error) }));
    counts.unwritten += 1;
    const dueMs = now() + WRITE_DELAYS_MS.first;
    await queues.sendProbe(environment.region, [{ message: packedOrder(round, 1), dueMs }], now());
    return null;
  }
}

/** Written once each and never again by this process; a failure costs nothing but the details of a certificate. */
async function storeCertificates({ certificates }: GroupResult, context: ProbeContext): Promise<void> {
  for (const facts of certificates) {
    if (context.storedCertificates.has(facts.sha256)) continue;
    try {
      await putCertificate(context.table, facts);
      context.storedCertificates.add(facts.sha256);
    } catch (error) {
      console.warn(JSON.stringify({ message: 'certificate not stored', error: String(error) }));
    }
  }
}
