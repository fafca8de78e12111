/** Which addresses a round dials, one after the other until one passes: as lib/flow/job.ts and lib/probe/group.ts have it. */

/** Of a slot: the next of the answer in turn, or where one is known to fail here that one, then another. */
export function ofSlot(
  answer: readonly string[],
  failing: string | null | undefined,
  number: number,
): readonly string[] {
  const known = failing && answer.includes(failing) ? failing : null;
  if (known === null) return [answer[number % answer.length] ?? ''];
  return [known, ...answer.filter((address) => address !== known).slice(0, 1)];
}

/** Of an order: the address named, then another. In a region known to fail only that, and only while DNS gives it. */
export function ofOrder(answer: readonly string[], named: string | null, known: boolean): readonly string[] {
  const [first = ''] = answer;
  if (known) return [named !== null && answer.includes(named) ? named : first];
  const pinned = named ?? first;
  return [pinned, ...answer.filter((address) => address !== pinned).slice(0, 1)];
}
