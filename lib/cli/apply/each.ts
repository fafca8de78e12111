/**
 * A new AWS account runs ten functions at a time ("Lambda quotas"), and its probers are among them.
 */
const AT_ONCE = 5;

/** Does something with every item, a few at a time. The first error ends it when those under way are done. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const done = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  for (const result of done) if (result.status === 'rejected') throw result.reason;
}
