import { afterAll, beforeAll, expect, test } from 'vitest';
import { getAcknowledgement } from '../../lib/store/acknowledgement.ts';
import { certificatesOf } from '../../lib/store/certificate.ts';
import { claimPlace, getCohort, readAttention } from '../../lib/store/cohort.ts';
import { allCohorts } from '../../lib/store/cohorts.ts';
import { createEndpoint, endpointsById, endpointsOf, getEndpoint } from '../../lib/store/endpoint.ts';
import { incidentsOf } from '../../lib/store/incident.ts';
import { allMutes, getMute, mutesOf, putMute } from '../../lib/store/mute.ts';
import { getMaintenance, quietPlans } from '../../lib/store/quiet.ts';
import { allRegions } from '../../lib/store/region.ts';
import { getRoom, newestCohorts } from '../../lib/store/room.ts';
import { getRound, putRound, roundsSince, timingsOf } from '../../lib/store/round.ts';
import { openStates, saveState, statesOf } from '../../lib/store/state.ts';
import type { Table } from '../../lib/store/table.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { endpoint, incident, NOW, round, SLOT, state } from './values.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await createEndpoint(stack.table, endpoint('shop'));
  await saveState(stack.table, state('shop', 1, { incident: incident(NOW) }));
  await claimPlace(stack.table, '60-0', 1, NOW);
  await putRound(stack.table, round());
  const until = new Date(NOW + 86_400_000).toISOString();
  await putMute(stack.table, 'shop', { until, note: null, at: until });
});
afterAll(() => stack.close());

const span = { fromSeconds: SLOT, toSeconds: SLOT + 1, limit: 5 };

// The emulator knows no other reads than consistent ones, so what is sent is looked at.
test.each<[string, (table: Table) => Promise<unknown>]>([
  ['getEndpoint', (table) => getEndpoint(table, 'shop')],
  ['endpointsById', (table) => endpointsById(table, ['shop'])],
  ['endpointsOf', (table) => endpointsOf(table, '60-0')],
  ['statesOf', (table) => statesOf(table, ['shop'])],
  ['openStates', (table) => openStates(table)],
  ['incidentsOf', (table) => incidentsOf(table, 'shop', { limit: 5 })],
  ['allCohorts', (table) => allCohorts(table)],
  ['getRoom', (table) => getRoom(table, 60)],
  ['newestCohorts', (table) => newestCohorts(table)],
  ['getCohort', (table) => getCohort(table, '60-0')],
  ['readAttention', (table) => readAttention(table, ['60-0'], 'eu-west-1')],
  ['getRound', (table) => getRound(table, '60-0', 'ap-southeast-2', `${SLOT}#r`)],
  ['roundsSince', (table) => roundsSince(table, '60-0', 'ap-southeast-2', SLOT)],
  ['timingsOf', (table) => timingsOf(table, '60-0', 'ap-southeast-2', span)],
  ['getMute', (table) => getMute(table, 'shop')],
  ['mutesOf', (table) => mutesOf(table, ['shop'])],
  ['allMutes', (table) => allMutes(table)],
  ['getMaintenance', (table) => getMaintenance(table, 'deploy')],
  ['quietPlans', (table) => quietPlans(table)],
  ['getAcknowledgement', (table) => getAcknowledgement(table, 'shop')],
  ['certificatesOf', (table) => certificatesOf(table, 'ab')],
  ['allRegions', (table) => allRegions(table)],
])('%s reads items consistently, and only named ones', async (_, work) => {
  const reads = await watchReads(stack.table, work);
  expect(reads.length).toBeGreaterThan(0);
  for (const { command, index, consistent } of reads) {
    expect(command).toMatch(/^(BatchGet|Get|Query)/);
    expect(consistent).toBe(index === undefined);
  }
  expect(reads.at(-1)?.index).toBeUndefined();
});

interface Read {
  readonly command: string;
  readonly index: string | undefined;
  readonly consistent: boolean;
}

async function watchReads(table: Table, work: (table: Table) => Promise<unknown>): Promise<readonly Read[]> {
  interface Input {
    readonly IndexName?: string;
    readonly ConsistentRead?: boolean;
    readonly RequestItems?: Readonly<Record<string, { readonly ConsistentRead?: boolean }>>;
  }
  const reads: Read[] = [];
  table.documents.middlewareStack.add(
    (next, context) => async (args) => {
      const input = args.input as Input;
      const consistent = input.ConsistentRead ?? input.RequestItems?.[table.name]?.ConsistentRead ?? false;
      reads.push({ command: context.commandName ?? '', index: input.IndexName, consistent });
      return next(args);
    },
    { step: 'initialize', name: 'watch' },
  );
  await work(table);
  table.documents.middlewareStack.remove('watch');
  return reads;
}
