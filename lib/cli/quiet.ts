import { userInfo } from 'node:os';
import { MAX_TAG_CHARACTERS, tag as tagSchema } from '../endpoint/schema.ts';
import { UsageError } from '../local/usage-error.ts';
import { type ApiClient, bodyOf, connect, type Schemas } from './api-client.ts';
import { ApiRefusal } from './api-refusal.ts';
import { colors } from './colors.ts';
import { noneLike, ofEndpoint } from './known.ts';
import type { WrittenApi } from './options.ts';
import { print } from './print.ts';
import { waiting } from './progress.ts';
import { drawTable } from './table.ts';
import { clockOf, timeIn } from './time.ts';
import { type Wording, worded } from './wording.ts';

export interface WrittenAck extends WrittenApi {
  readonly by?: string;
  readonly note?: string;
  readonly until?: string;
  readonly off: boolean;
}

export interface WrittenMute extends WrittenApi {
  readonly tag?: string;
  readonly until?: string;
  readonly note?: string;
  readonly off: boolean;
}

const WORDING: Wording = { by: '--by', note: '--note', until: '--until' };

/** Says who looks after what is open: of an endpoint, or of whatever an alert with this dedupKey is about. Exit code 0. @throws UsageError, ApiRefusal */
export async function runAck(id: string, options: WrittenAck): Promise<number> {
  const api = connect(options);
  const ofId = { params: { path: { id } } };
  const ofIncident = { params: { path: { dedupKey: id } } };
  if (options.off) {
    const taken = endpointOrIncident(
      api,
      id,
      () => api.DELETE('/endpoints/{id}/acknowledgement', ofId),
      () => api.DELETE('/incidents/{dedupKey}/acknowledgement', ofIncident),
    );
    await waiting(id, taken);
    print(options, {}, () => `${id}: nobody looks after it any more`);
    return 0;
  }
  const { by = loginName(), note, until } = options;
  const body = { by, note, ...(until === undefined ? {} : { until: timeIn('--until', until, 'ahead') }) };
  const given = endpointOrIncident(
    api,
    id,
    () => bodyOf(api.PUT('/endpoints/{id}/acknowledgement', { ...ofId, body })),
    () => bodyOf(api.PUT('/incidents/{dedupKey}/acknowledgement', { ...ofIncident, body })),
  );
  const answer = await waiting(id, worded(WORDING, given));
  const end = answer.until === null ? ', until it is over' : ` until ${answer.until}`;
  print(options, answer, () => `${id}: acknowledged by ${by}${end}`);
  return 0;
}

/** The dedupKey of an endpoint's alerts looks like an endpoint's id: it is one if there is no such endpoint. */
async function endpointOrIncident<E, I>(
  api: ApiClient,
  id: string,
  endpoint: () => Promise<E>,
  incident: () => Promise<I>,
): Promise<E | I> {
  // No endpoint's id has a dot in it.
  if (id.includes('.')) return incident();
  const isMissing = (error: unknown): boolean => error instanceof ApiRefusal && error.status === 404;
  const either = (): Promise<E | I> =>
    endpoint().catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      // Where there is neither, the endpoint is what was meant.
      return incident().catch((other: unknown) => {
        throw isMissing(other) ? error : other;
      });
    });
  return ofEndpoint(api, id, either);
}

/** Keeps an endpoint, or whatever has a tag, quiet until a time; or no longer. Exit code 0. @throws UsageError, ApiRefusal */
export async function runMute(id: string | null, options: WrittenMute): Promise<number> {
  const { tag, until, note, off } = options;
  if ((id === null) === (tag === undefined)) {
    throw new UsageError('mute: say what: the id of an endpoint, or --tag <tag>');
  }
  if (tag !== undefined && !tagSchema('--tag').safeParse(tag).success) {
    throw new UsageError(
      `--tag ${tag}: write 1 to ${MAX_TAG_CHARACTERS} characters, without / \\ ? # % and control characters`,
    );
  }
  const api = connect(options);
  const ofTag = tag === undefined ? null : { params: { path: { tag } } };
  const ofOne = { params: { path: { id: id ?? '' } } };
  const what = id ?? `whatever has the tag ${tag}`;
  const asked = <T>(ask: () => Promise<T>): Promise<T> => (id === null ? ask() : ofEndpoint(api, id, ask));
  if (off) {
    const ending = asked<unknown>(() =>
      ofTag ? api.DELETE('/mutes/tags/{tag}', ofTag) : api.DELETE('/endpoints/{id}/mute', ofOne),
    );
    await waiting(what, ending);
    print(options, {}, () => `${what}: not muted`);
    return 0;
  }
  if (until === undefined) throw new UsageError('mute: say until when: --until 2h; or --off to end it');
  const body = { until: timeIn('--until', until, 'ahead'), note };
  const muting = asked<Schemas['Mute']>(() =>
    bodyOf(
      ofTag
        ? api.PUT('/mutes/tags/{tag}', { ...ofTag, body })
        : api.PUT('/endpoints/{id}/mute', { ...ofOne, body }),
    ),
  );
  const mute = await waiting(what, worded(WORDING, muting));
  const missing = await noneLike(api, { tag });
  print(options, mute, () =>
    [
      `${what}: nothing is told of it until ${mute.until}`,
      ...(missing === null ? [] : [colors.yellow(`so far ${missing}`)]),
    ].join('\n'),
  );
  return 0;
}

/** Prints what is muted now. Exit code 0. @throws ApiRefusal */
export async function runMutes(options: WrittenApi): Promise<number> {
  const page = await waiting('mutes', bodyOf(connect(options).GET('/mutes')));
  print(options, page, (columns) => {
    if (page.items.length === 0) return colors.dim('nothing is muted');
    const rows = page.items.map(({ endpoint, tag, until, note, at }) => [
      colors.bold(endpoint ?? `tag ${tag}`),
      clockOf(until),
      clockOf(at),
      note ?? colors.dim('–'),
    ]);
    return drawTable(['muted', 'until', 'since', 'note'], rows, columns);
  });
  return 0;
}

/** @throws UsageError */
export function loginName(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw new UsageError('--by: your login has no name here: write who looks after it', { cause });
  }
}
