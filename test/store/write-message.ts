import type { WriteOrder } from '../../lib/queue/message.ts';
import { parseProbeMessage } from '../../lib/queue/parse.ts';

/** What the queue makes of a write message. */
export function writeMessageRoundTrip(order: WriteOrder): WriteOrder {
  const read = parseProbeMessage(JSON.stringify(order));
  if (read.kind !== 'write') throw new Error(`a write message became a ${read.kind} message`);
  return read;
}
