import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import type { AlertFormat } from '../../lib/deployment/configuration.ts';
import type { Environment } from '../../lib/deployment/environment.ts';
import { momentOf } from '../../lib/endpoint/cohort.ts';
import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import { type Cohort, getCohort } from '../../lib/store/cohort.ts';
import { getEndpoint } from '../../lib/store/endpoint.ts';
import { incidentsOf } from '../../lib/store/incident.ts';
import { keys } from '../../lib/store/keys.ts';
import { roundsSince } from '../../lib/store/round.ts';
import { statesOf } from '../../lib/store/state.ts';
import { startTestStack, type TestStack } from './emulators.ts';
import { FlowWorld } from './flow-world.ts';
import { Shop } from './shop.ts';

export const START_MS = Date.UTC(2026, 10, 20, 3, 0, 0);
export const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2'] as const;

export interface StoryOptions {
  readonly formats?: readonly AlertFormat[];
  /** Changes of what a region's functions are told. */
  readonly environment?: (region: string) => Partial<Environment>;
}

/** One endpoint of a cohort of its own, its server, and what became of it. */
export class Story {
  readonly world: FlowWorld;
  readonly endpoint: Endpoint;
  readonly #stack: TestStack;

  constructor(stack: TestStack, endpoint: Endpoint, { formats, environment }: StoryOptions) {
    this.#stack = stack;
    this.endpoint = endpoint;
    this.world = new FlowWorld({
      table: stack.table,
      environment: (region) => ({ ...stack.environment(region || undefined), ...environment?.(region) }),
      startMs: START_MS,
      ...(formats ? { formats } : {}),
    });
  }

  get table() {
    return this.#stack.table;
  }

  get environment(): Environment {
    return this.#stack.environment();
  }

  /** Registered, tried by every region at least once, and judged. */
  async begin(): Promise<void> {
    await this.world.register(this.endpoint);
    await this.world.pass(this.endpoint.intervalSeconds + 130);
    this.world.nudge(this.endpoint.cohort);
    await this.world.pass(1);
  }

  /** Lets time pass up to so many seconds before a region's next try by schedule. */
  async passToBeforeTry(region: string, secondsBefore: number): Promise<void> {
    const { cohort, intervalSeconds } = this.endpoint;
    const offset = momentOf(0, cohort, (REGIONS as readonly string[]).indexOf(region), REGIONS.length);
    const from = this.world.nowMs / 1000 + secondsBefore;
    const next = Math.ceil((from - offset) / intervalSeconds) * intervalSeconds + offset;
    await this.world.pass(next - from);
  }

  /** About endpoints. */
  alerts(format = 'json') {
    return this.#told(format).filter(({ endpoint }) => endpoint !== null);
  }

  /** About the watching itself. */
  watchAlerts() {
    return this.#told('json').filter(({ endpoint, group }) => endpoint === null && group === null);
  }

  /** About several endpoints with one cause. */
  groupAlerts() {
    return this.#told('json').filter(({ group }) => group !== null);
  }

  #told(format: string) {
    return this.world.told
      .filter((one) => one.format === format)
      .map(({ atMs, body }) => ({ atMs, ...JSON.parse(body) }));
  }

  events(format = 'json'): string[] {
    return this.alerts(format).map(({ event }) => event);
  }

  /** @returns false: it was not told within the limit. */
  async passUntilTold(event: string, limitSeconds: number): Promise<boolean> {
    return this.world.passUntil(async () => this.events().includes(event), limitSeconds);
  }

  async state() {
    return (await statesOf(this.table, [this.endpoint.id])).get(this.endpoint.id);
  }

  stored(): Promise<Endpoint | null> {
    return getEndpoint(this.table, this.endpoint.id);
  }

  cohort(): Promise<Cohort | null> {
    return getCohort(this.table, this.endpoint.cohort);
  }

  async history() {
    return (await incidentsOf(this.table, this.endpoint.id, { limit: 10 })).items;
  }

  rounds(region: string) {
    return roundsSince(this.table, this.endpoint.cohort, region, 0);
  }

  /** Messages of a kind that functions got since. */
  delivered(kind: string, sinceMs = 0) {
    return this.world.delivered.filter(({ atMs, message }) => message.kind === kind && atMs >= sinceMs);
  }
}

/** Emulators, a server and stories about it, for one test file. Warnings about the faults are not shown. */
export function storyTeller() {
  const shop = new Shop();
  let stack: TestStack;
  let told = 0;
  const open: Story[] = [];

  beforeAll(async () => {
    stack = await startTestStack();
  });
  afterAll(async () => {
    await stack.close();
  });
  beforeEach(async () => {
    // Cohorts beyond the 16th are looked for only where that one is, and stories remove theirs.
    if (told > 8) {
      await stack.close();
      stack = await startTestStack();
      told = 0;
    }
    await shop.open();
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(async () => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    await shop.close();
    for (const { endpoint } of open.splice(0)) {
      for (const Key of [keys.cohort(endpoint.cohort), keys.watch(), ...REGIONS.map(keys.region)]) {
        await stack.table.documents.send(new DeleteCommand({ TableName: stack.table.name, Key }));
      }
    }
  });

  const story = (changes: Partial<Endpoint> = {}, options: StoryOptions = {}): Story => {
    told += 1;
    const at = new Date(START_MS).toISOString();
    const interval = changes.intervalSeconds ?? 60;
    const endpoint: Endpoint = {
      id: `shop${told}`,
      name: `shop${told}`,
      host: shop.address,
      port: shop.port,
      handshake: 'tcp',
      intervalSeconds: interval,
      alertAfterSeconds: 0,
      regions: 'all',
      addressFamily: 'ipv4',
      certificate: 'verify',
      tags: [],
      enabled: true,
      cohort: `${interval}-${told % 16}`,
      createdAt: at,
      updatedAt: at,
      watchedSince: at,
      revision: 1,
      ...changes,
    };
    const one = new Story(stack, endpoint, options);
    open.push(one);
    return one;
  };
  return { shop, story };
}
