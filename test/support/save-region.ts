import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { ADDRESS_PREFIX, keys } from '../../lib/store/keys.ts';
import type { RegionRecord } from '../../lib/store/region.ts';
import type { Table } from '../../lib/store/table.ts';

/** Puts the whole record, over whatever was there. */
export async function saveRegion(table: Table, record: RegionRecord): Promise<void> {
  const addresses = record.sourceAddresses.map(({ address, at }) => [ADDRESS_PREFIX + address, at]);
  const item = {
    ...keys.region(record.region),
    notedAt: record.notedAt ?? undefined,
    newestRoundAt: record.newestRoundAt ?? undefined,
    ...healthOf(record),
    controls: record.controls ?? undefined,
    tcpClock: record.tcpClock ?? undefined,
    clockCheck: record.clockCheck ?? undefined,
    ...Object.fromEntries(addresses),
  };
  await table.documents.send(new PutCommand({ TableName: table.name, Item: item }));
}

function healthOf({ health }: RegionRecord): Readonly<Record<string, number>> {
  if (health === null) return {};
  const { healthy, since, at } = health;
  return healthy ? { healthySince: since, healthyAt: at } : { unhealthySince: since, unhealthyAt: at };
}
