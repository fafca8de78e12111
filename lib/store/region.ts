import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { TcpClock } from '../round/observation.ts';
import { ADDRESS_PREFIX, keys, REGIONS } from './keys.ts';
import { type Item, parseItem, queryAll } from './read.ts';
import { held, type Table } from './table.ts';

export interface ControlHealth {
  readonly healthy: boolean;
  readonly passed: number;
  readonly tried: number;
  /** Epoch ms. */
  readonly at: number;
}

/** What a region's probers say of themselves. Times are epoch ms. */
export interface RegionRecord {
  readonly region: string;
  readonly newestRoundAt: number | null;
  /** The newest control handshakes; null: nothing ever failed, so none were made. */
  readonly controls: ControlHealth | null;
  /** The public addresses probed from in the last 7 days, newest first, 50 at most. */
  readonly sourceAddresses: readonly { readonly address: string; readonly at: number }[];
  readonly tcpClock: TcpClock | null;
}

/** What one prober has to add; null: nothing new of that. */
export interface RegionNote {
  readonly region: string;
  readonly newestRoundAt: number;
  readonly controls: ControlHealth | null;
  readonly sourceAddress: { readonly address: string; readonly at: number } | null;
  readonly tcpClock: TcpClock | null;
}

const ADDRESS_DAYS = 7;
const MAX_ADDRESSES = 50;

const regionSchema = z.object({
  sk: z.string(),
  newestRoundAt: z.optional(z.number()),
  controls: z.optional(
    z.object({ healthy: z.boolean(), passed: z.int(), tried: z.int(), at: z.number() } satisfies Record<
      keyof ControlHealth,
      z.ZodMiniType
    >),
  ),
  tcpClock: z.optional(z.enum(['kernel', 'loop'])),
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

/** Every region that ever said anything. */
export async function allRegions(table: Table): Promise<readonly RegionRecord[]> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': REGIONS },
    ConsistentRead: true,
  });
  const now = Date.now();
  return items.map((item) => {
    const { sk, newestRoundAt, controls, tcpClock } = parseItem(regionSchema, item);
    return {
      region: sk,
      newestRoundAt: newestRoundAt ?? null,
      controls: controls ?? null,
      sourceAddresses: addressesIn(item).filter((address, position) => isKept(address, position, now)),
      tcpClock: tcpClock ?? null,
    };
  });
}

/**
 * Adds what one prober knows. Each address is an attribute of its own, so probers that note at the same time lose nothing
 * of each other; addresses that are too old or too many are then removed. An older note never hides a newer one.
 */
export async function noteRegion(table: Table, note: RegionNote): Promise<void> {
  const { region, newestRoundAt, controls, sourceAddress, tcpClock } = note;
  const facts = { newestRoundAt, ...(controls ? { controls } : {}), ...(tcpClock ? { tcpClock } : {}) };
  const address = sourceAddress ? { [ADDRESS_PREFIX + sourceAddress.address]: sourceAddress.at } : {};
  const newer = 'attribute_not_exists(newestRoundAt) OR newestRoundAt < :newestRoundAt';
  let item: Item | undefined;
  const set = async (values: Item, condition?: string): Promise<void> => {
    const names = Object.keys(values);
    if (names.length === 0) return;
    const answer = await table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.region(region),
        UpdateExpression: `SET ${names.map((_, n) => `#n${n} = ${valueName(names, n)}`).join(', ')}`,
        ConditionExpression: condition,
        ExpressionAttributeNames: Object.fromEntries(names.map((name, n) => [`#n${n}`, name])),
        ExpressionAttributeValues: Object.fromEntries(
          names.map((name, n) => [valueName(names, n), values[name]]),
        ),
        ReturnValues: 'ALL_NEW',
      }),
    );
    item = answer.Attributes;
  };
  if (!(await held(set({ ...facts, ...address }, newer)))) await set(address);
  const stale = addressesIn(item ?? {}).filter((one, position) => !isKept(one, position, newestRoundAt));
  if (stale.length > 0) await forget(table, region, stale);
}

const valueName = (names: readonly string[], n: number): string =>
  names[n] === 'newestRoundAt' ? ':newestRoundAt' : `:v${n}`;

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
