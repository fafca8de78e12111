import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Health } from '../incident/health.ts';
import { CLOCK_TROUBLES, type ClockCheck } from '../round/clock.ts';
import type { TcpClock } from '../round/observation.ts';
import { ADDRESS_PREFIX, keys, REGIONS } from './keys.ts';
import { type Item, parseItem, queryAll } from './read.ts';
import { held, type Table } from './table.ts';

export interface ControlHealth {
  readonly healthy: boolean;
  readonly passed: number;
  readonly tried: number;
  /** SYNs to the controls that passed, and those of them that were lost. */
  readonly syns: number;
  readonly lost: number;
  /** Epoch ms. */
  readonly at: number;
}

/** What a region's probers say of themselves. Times are epoch ms. */
export interface RegionRecord {
  readonly region: string;
  /** When any of its probers last did what it was asked to, or found nothing to do. */
  readonly notedAt: number | null;
  readonly newestRoundAt: number | null;
  /** null: nothing has been seen that says anything of it. */
  readonly health: Health | null;
  /** The newest control handshakes; null: nothing ever failed, so none were made. */
  readonly controls: ControlHealth | null;
  /** The public addresses probed from in the last 7 days, newest first, 50 at most. */
  readonly sourceAddresses: readonly { readonly address: string; readonly at: number }[];
  readonly tcpClock: TcpClock | null;
  /** Of the prober that noted last; null: noted by a version that did not check. */
  readonly clockCheck: Omit<ClockCheck, 'tcpClock'> | null;
}

/** What one prober has to add; null: nothing new of that. */
export interface RegionNote {
  readonly region: string;
  readonly notedAt: number;
  /** Whether a round was written. */
  readonly round: boolean;
  readonly healthy: boolean | null;
  readonly controls: ControlHealth | null;
  readonly sourceAddress: { readonly address: string; readonly at: number } | null;
  readonly clock: ClockCheck | null;
}

const ADDRESS_DAYS = 7;
const MAX_ADDRESSES = 50;

const time = z.optional(z.number());

const regionSchema = z.object({
  sk: z.string(),
  notedAt: time,
  newestRoundAt: time,
  healthySince: time,
  healthyAt: time,
  unhealthySince: time,
  unhealthyAt: time,
  controls: z.optional(
    z.object({
      healthy: z.boolean(),
      passed: z.int(),
      tried: z.int(),
      syns: z.int(),
      lost: z.int(),
      at: z.number(),
    } satisfies Record<keyof ControlHealth, z.ZodMiniType>),
  ),
  tcpClock: z.optional(z.enum(['kernel', 'loop'])),
  clockCheck: z.optional(
    z.object({
      trouble: z.nullable(z.enum(CLOCK_TROUBLES)),
      kernelMs: z.nullable(z.number()),
      loopMs: z.nullable(z.number()),
    } satisfies Record<Exclude<keyof ClockCheck, 'tcpClock'>, z.ZodMiniType>),
  ),
});

function addressesIn(item: Item): { address: string; at: number }[] {
  return Object.entries(item)
    .flatMap(([name, at]) =>
      name.startsWith(ADDRESS_PREFIX) && typeof at === 'number'
        ? [{ address: name.slice(ADDRESS_PREFIX.length), at }]
        : [],
    )
    .sort((a, b) => b.at - a.at);
}

function isKept({ at }: { readonly at: number }, position: number, nowMs: number): boolean {
  return position < MAX_ADDRESSES && at > nowMs - ADDRESS_DAYS * 86_400_000;
}

function recordOf(item: Item, now: number): RegionRecord {
  const read = parseItem(regionSchema, item);
  const { sk, notedAt, newestRoundAt, controls, tcpClock, clockCheck } = read;
  return {
    region: sk,
    // Noted by a version that wrote rounds only.
    notedAt: notedAt ?? newestRoundAt ?? null,
    newestRoundAt: newestRoundAt ?? null,
    health: healthIn(read),
    controls: controls ?? null,
    sourceAddresses: addressesIn(item).filter((address, position) => isKept(address, position, now)),
    tcpClock: tcpClock ?? null,
    clockCheck: clockCheck ?? null,
  };
}

/** A sign begins a run of its kind unless there is one, and ends that of the other kind: so one update says all, unread. */
function healthIn({
  healthySince,
  healthyAt,
  unhealthySince,
  unhealthyAt,
}: z.infer<typeof regionSchema>): Health | null {
  if (unhealthySince !== undefined && unhealthyAt !== undefined) {
    return { healthy: false, since: unhealthySince, at: unhealthyAt };
  }
  if (healthySince === undefined || healthyAt === undefined) return null;
  return { healthy: true, since: healthySince, at: healthyAt };
}

/** Every region that ever said anything. */
export async function allRegions(table: Table): Promise<readonly RegionRecord[]> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': REGIONS },
    ConsistentRead: true,
  });
  const now = Date.now();
  return items.map((item) => recordOf(item, now));
}

/**
 * Adds what one prober knows. Each address is an attribute of its own, so probers that note at the same time lose nothing
 * of each other; addresses that are too old or too many are then removed. An older note never hides a newer one.
 *
 * @returns the record with the note in it; null when there was a newer one.
 */
export async function noteRegion(table: Table, note: RegionNote): Promise<RegionRecord | null> {
  const { region, notedAt, round, controls, sourceAddress, clock } = note;
  const address = sourceAddress ? { [ADDRESS_PREFIX + sourceAddress.address]: sourceAddress.at } : {};
  const facts = {
    notedAt,
    ...(round ? { newestRoundAt: notedAt } : {}),
    ...(controls ? { controls } : {}),
    ...(clock ? clockAttributes(clock) : {}),
    ...address,
  };
  const newest =
    (await update(table, region, facts, note)) ??
    // Of a region that is unhealthy a pass says nothing more: what loses packets lets some through.
    (note.healthy && !controls ? await update(table, region, facts, { notedAt, healthy: null }) : null);
  const item = newest ?? (sourceAddress ? await update(table, region, address, null) : null);
  const stale = addressesIn(item ?? {}).filter((one, position) => !isKept(one, position, notedAt));
  if (stale.length > 0) await forget(table, region, stale);
  return newest && recordOf(newest, notedAt);
}

const clockAttributes = ({ tcpClock, ...clockCheck }: ClockCheck): Item => ({ tcpClock, clockCheck });

/**
 * @param sign what the note says of health, unless there is a newer note; null: whatever there is. What was seen without controls is
 * no sign of health of a region that is unhealthy.
 * @returns null: there was, or it is.
 */
async function update(
  table: Table,
  region: string,
  values: Item,
  sign: (Pick<RegionNote, 'notedAt' | 'healthy'> & Partial<Pick<RegionNote, 'controls'>>) | null,
): Promise<Item | null> {
  const names: Record<string, string> = {};
  const bound: Item = {};
  const name = (attribute: string): string => {
    const place = `#n${Object.keys(names).length}`;
    names[place] = attribute;
    return place;
  };
  const value = (what: unknown): string => {
    const place = `:v${Object.keys(bound).length}`;
    bound[place] = what;
    return place;
  };
  const set = Object.entries(values).map(([attribute, what]) => `${name(attribute)} = ${value(what)}`);
  const remove: string[] = [];
  if (sign && sign.healthy !== null) {
    const [kind, other] = sign.healthy ? ['healthy', 'unhealthy'] : ['unhealthy', 'healthy'];
    const [at, since] = [value(sign.notedAt), name(`${kind}Since`)];
    set.push(`${name(`${kind}At`)} = ${at}`, `${since} = if_not_exists(${since}, ${at})`);
    remove.push(name(`${other}Since`));
  }
  const conditions: string[] = [];
  if (sign) {
    const noted = name('notedAt');
    conditions.push(`(attribute_not_exists(${noted}) OR ${noted} < ${value(sign.notedAt)})`);
    if (sign.healthy && !sign.controls) conditions.push(`attribute_not_exists(${name('unhealthySince')})`);
  }
  try {
    const { Attributes } = await table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.region(region),
        UpdateExpression: `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
        ConditionExpression: conditions.length > 0 ? conditions.join(' AND ') : undefined,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: bound,
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes ?? null;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}

/** Removes addresses that nobody has noted again meanwhile; if somebody has, the next note removes the rest. */
async function forget(
  table: Table,
  region: string,
  stale: readonly { readonly address: string; readonly at: number }[],
): Promise<void> {
  await held(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.region(region),
        UpdateExpression: `REMOVE ${stale.map((_, n) => `#n${n}`).join(', ')}`,
        ConditionExpression: stale.map((_, n) => `#n${n} = :v${n}`).join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(
          stale.map(({ address }, n) => [`#n${n}`, ADDRESS_PREFIX + address]),
        ),
        ExpressionAttributeValues: Object.fromEntries(stale.map(({ at }, n) => [`:v${n}`, at])),
      }),
    ),
  );
}
