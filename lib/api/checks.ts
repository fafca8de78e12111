import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type CheckTarget, parseCheck, targetOf } from '../endpoint/check.ts';
import { type EndpointSettings, regionsOf } from '../endpoint/endpoint.ts';
import { type CheckOrder, MESSAGE_VERSION } from '../queue/message.ts';
import { type Check, countCheck, getCheck, putCheck } from '../store/check.ts';
import type { Api, RouteHandler } from './api.ts';
import { checkJson } from './check-json.ts';
import { readEndpoint } from './endpoints.ts';
import { badFields, Problem } from './problem.ts';
import { type ApiRequest, onlyParameters, shown } from './request.ts';

/**
 * A deployment's checks a minute, of whatever: each is a try from every region, and nobody is to be knocked at more often than a
 * watched endpoint may be, whoever asks.
 */
export const CHECKS_A_MINUTE = 30;

/** A queue on the other side of the world takes less than one, cold connection included. */
const ASK_WITHIN_MS = 3000;

const CHECK_ID = /^[0-9a-f]{16}$/;

/** Has every region try something once, now, and says where what they see will be found. */
export const postCheck: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const askedAt = api.now();
  const asked = await askedIn(request, api);
  if (!(await countCheck(api.table, askedAt, CHECKS_A_MINUTE))) throw tooMany(askedAt);
  const { target, endpoint } = asked;
  const regions = regionsOf(asked, api.environment.regions);
  const check: Check = { id: randomBytes(8).toString('hex'), askedAt, endpoint, target, regions };
  await putCheck(api.table, check);
  await ask(check, api);
  return {
    status: 202,
    body: checkJson({ ...check, answers: [] }, askedAt),
    headers: { location: `/checks/${check.id}` },
  };
};

/** What has been seen so far; it is kept for good. */
export const getOneCheck: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const { rawId } = request;
  const check = CHECK_ID.test(rawId) ? await getCheck(api.table, rawId) : null;
  if (check) return { status: 200, body: checkJson(check, api.now()) };
  const id = JSON.stringify(shown(rawId));
  throw new Problem(
    404,
    `there is no check ${id}: they are kept for good; ask for another with POST /checks`,
  );
};

interface Asked {
  readonly target: CheckTarget;
  readonly regions: EndpointSettings['regions'];
  /** It was asked for by its id; null: by its host. */
  readonly endpoint: string | null;
}

/** @throws Problem 400, and 404 for an endpoint that there is not. */
async function askedIn(request: ApiRequest, api: Api): Promise<Asked> {
  const { ipv6, allowPrivateAddresses, regions: deployed } = api.environment;
  const parsed = parseCheck(request.body(), { ipv6, allowPrivateAddresses, regions: deployed });
  if ('errors' in parsed) throw badFields(parsed.errors);
  if ('target' in parsed) return { ...parsed, endpoint: null };
  const { endpoint: id, regions } = parsed;
  const endpoint = await readEndpoint(api, id, { pointer: '#/endpoint' });
  return { target: targetOf(endpoint), regions, endpoint: id };
}

function tooMany(nowMs: number): Problem {
  const seconds = 60 - (Math.floor(nowMs / 1000) % 60);
  return new Problem(
    429,
    `${CHECKS_A_MINUTE} checks were asked for within a minute, which is as many as there may be: try again in ${seconds} s`,
    { headers: { 'retry-after': String(seconds) } },
  );
}

/** A region that cannot be asked does not answer, and is shown so. @throws when none could be asked. */
async function ask({ id, askedAt, target, regions }: Check, { queues, now }: Api): Promise<void> {
  const message: CheckOrder = { v: MESSAGE_VERSION, kind: 'check', id, askedAt, target };
  const sent = await Promise.allSettled(
    regions.map((region) => inTime(queues.sendProbe(region, [{ message }], now()))),
  );
  const failed = sent.flatMap((one, index) =>
    one.status === 'rejected' ? [{ region: regions[index], error: String(one.reason) }] : [],
  );
  for (const one of failed) console.warn(JSON.stringify({ message: 'region not asked', check: id, ...one }));
  if (failed.length === regions.length) {
    throw new Error(`no region could be asked for the check ${id}`, { cause: failed });
  }
}

/** A region that is gone must not keep whoever asks about it from what the others say: the function itself has 10 s. */
async function inTime(sending: Promise<void>): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([
      sending,
      pause(ASK_WITHIN_MS, undefined, { signal: timer.signal }).then(() => {
        throw new Error(`its queue did not answer within ${ASK_WITHIN_MS} ms`);
      }),
    ]);
  } finally {
    timer.abort();
  }
}
