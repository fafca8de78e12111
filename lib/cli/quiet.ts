import { userInfo } from 'node:os';
import * as z from 'zod/mini';
import { UsageError } from '../local/usage-error.ts';
import { apiOf, put } from './api-client.ts';

const until = z.object({ until: z.nullable(z.string()) });

interface Shown {
  readonly api: string;
  readonly json: boolean;
}

/** Says who looks after what is open: of an endpoint, or of whatever an alert with this dedupKey is about. Exit code 0. @throws UsageError, ApiRefusal */
export async function runAck(
  id: string,
  options: Shown & { readonly by?: string; readonly note?: string; readonly until?: string },
): Promise<number> {
  const { by = loginName(), note } = options;
  const body = { by, ...(note === undefined ? {} : { note }), ...timeIn(options.until) };
  // No endpoint's id has a dot in it.
  const kind = id.includes('.') ? 'incidents' : 'endpoints';
  const answer = await put(`${apiOf(options.api)}/${kind}/${encodeURIComponent(id)}/acknowledgement`, body);
  const { until: end } = until.parse(answer);
  say(
    options,
    answer,
    `${id}: acknowledged by ${by}${end === null ? ', until it is over' : ` until ${end}`}`,
  );
  return 0;
}

/** Keeps an endpoint quiet until a time. Exit code 0. @throws UsageError, ApiRefusal */
export async function runMute(
  id: string,
  options: Shown & { readonly until: string; readonly note?: string },
): Promise<number> {
  const { note } = options;
  const body = { ...timeIn(options.until), ...(note === undefined ? {} : { note }) };
  const answer = await put(`${apiOf(options.api)}/endpoints/${encodeURIComponent(id)}/mute`, body);
  say(options, answer, `${id}: nothing is told of it until ${until.parse(answer).until}`);
  return 0;
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw new UsageError('--by: your login has no name here: write who looks after it', { cause });
  }
}

function say({ json }: Shown, answer: unknown, line: string): void {
  process.stdout.write(
    `${json ? JSON.stringify(answer, null, process.stdout.isTTY ? 2 : undefined) : line}\n`,
  );
}

const SPANS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `2h` from now, or a time as the API takes it. @throws UsageError */
function timeIn(written: string | undefined): { readonly until?: string } {
  if (written === undefined) return {};
  const [, count, unit = ''] = /^(\d{1,4})([mhd])$/.exec(written) ?? [];
  const span = SPANS[unit];
  if (count !== undefined && span !== undefined) {
    return { until: new Date(Date.now() + Number(count) * span).toISOString() };
  }
  if (!z.iso.datetime({ offset: true }).safeParse(written).success) {
    throw new UsageError(`--until ${written}: write 30m, 2h, 1d or a time such as 2026-01-31T12:00:00Z`);
  }
  return { until: written };
}
