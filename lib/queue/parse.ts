import type * as z from 'zod/mini';
import {
  type JudgeMessage,
  judgeMessage,
  MESSAGE_VERSION,
  type ProbeMessage,
  probeMessage,
} from './message.ts';

/** A message that this version cannot read. It is left to the dead-letter queue. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

/** The message in the body of an SQS record of a probe queue. @throws UnreadableMessage */
export function parseProbeMessage(body: string): ProbeMessage {
  return parse('probe', probeMessage, body);
}

/** The message in the body of an SQS record of the judge's queue. @throws UnreadableMessage */
export function parseJudgeMessage(body: string): JudgeMessage {
  return parse('judge', judgeMessage, body);
}

function parse<T>(queue: string, schema: z.ZodMiniType<T>, body: string): T {
  const value = parseJson(queue, body);
  const version = typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined;
  if (version !== MESSAGE_VERSION) {
    throw new UnreadableMessage(
      `a ${queue} message of version ${JSON.stringify(version)} came in, this function reads version ${MESSAGE_VERSION}: deploy all stacks in the same version`,
      { cause: { body } },
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UnreadableMessage(
    `a ${queue} message cannot be read: field ${issue?.path.map(String).join('.') || '(whole)'}: ${issue?.message}`,
    { cause: { body, error: parsed.error } },
  );
}

function parseJson(queue: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new UnreadableMessage(`a ${queue} message is not JSON`, { cause });
  }
}
