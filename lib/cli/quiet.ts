import { userInfo } from 'node:os';
import { UsageError } from '../local/usage-error.ts';
import { bodyOf, connect } from './api-client.ts';
import type { WrittenApi } from './options.ts';
import { print } from './print.ts';
import { timeIn } from './time.ts';

export interface WrittenAck extends WrittenApi {
  readonly by?: string;
  readonly note?: string;
  readonly until?: string;
}

export interface WrittenMute extends WrittenApi {
  readonly until: string;
  readonly note?: string;
}

/** Says who looks after what is open: of an endpoint, or of whatever an alert with this dedupKey is about. Exit code 0. @throws UsageError, ApiRefusal */
export async function runAck(id: string, options: WrittenAck): Promise<number> {
  const { by = loginName(), note, until } = options;
  const body = { by, note, ...(until === undefined ? {} : { until: timeIn('--until', until, 'ahead') }) };
  const api = connect(options);
  // No endpoint's id has a dot in it.
  const answer = await bodyOf(
    id.includes('.')
      ? api.PUT('/incidents/{dedupKey}/acknowledgement', { params: { path: { dedupKey: id } }, body })
      : api.PUT('/endpoints/{id}/acknowledgement', { params: { path: { id } }, body }),
  );
  const end = answer.until === null ? ', until it is over' : ` until ${answer.until}`;
  print(options, answer, () => `${id}: acknowledged by ${by}${end}`);
  return 0;
}

/** Keeps an endpoint quiet until a time. Exit code 0. @throws UsageError, ApiRefusal */
export async function runMute(id: string, options: WrittenMute): Promise<number> {
  const { note } = options;
  const body = { until: timeIn('--until', options.until, 'ahead'), note };
  const mute = await bodyOf(connect(options).PUT('/endpoints/{id}/mute', { params: { path: { id } }, body }));
  print(options, mute, () => `${id}: nothing is told of it until ${mute.until}`);
  return 0;
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw new UsageError('--by: your login has no name here: write who looks after it', { cause });
  }
}
