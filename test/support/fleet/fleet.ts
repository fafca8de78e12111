import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { AlertFormat } from '../../../lib/deployment/configuration.ts';
import type { Environment } from '../../../lib/deployment/environment.ts';
import { COHORT_SIZE, cohortName, parseCohort } from '../../../lib/endpoint/cohort.ts';
import type { Endpoint } from '../../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../../lib/endpoint/tag.ts';
import { CohortCache } from '../../../lib/flow/cohort-cache.ts';
import { type DispatchMemory, dispatch } from '../../../lib/flow/dispatch.ts';
import { beat } from '../../../lib/flow/heartbeat.ts';
import type { JudgeContext } from '../../../lib/flow/judge-context.ts';
import { judgeGroup } from '../../../lib/flow/judge-group.ts';
import { JudgeMemory } from '../../../lib/flow/judge-memory.ts';
import { probe } from '../../../lib/flow/probe.ts';
import type { ProbeContext } from '../../../lib/flow/probe-context.ts';
import { sweep } from '../../../lib/flow/watchdog.ts';
import { Gate } from '../../../lib/probe/gate.ts';
import { openQueues, parseJudgeMessage, parseProbeMessage } from '../../../lib/queue/queues.ts';
import { cohortIndex, keys, memberAttribute } from '../../../lib/store/keys.ts';
import { noteNewest } from '../../../lib/store/room.ts';
import type { Table } from '../../../lib/store/table.ts';
import { openTopics } from '../../../lib/topic/topics.ts';
import { type Letter, Mailbox } from './mailbox.ts';
import type { Meter } from './meter.ts';

/** How long an invocation takes where something is silent: it waits 4.5 s for it. */
const RUNS_MS = { probe: 5000, judge: 1000 } as const;

/** When every fleet begins to sail. */
export const BEGIN_MS = Date.UTC(2026, 10, 20, 3, 0, 0);

export interface FleetOptions {
  readonly table: Table;
  readonly meter: Meter;
  readonly environment: (region: string) => Environment;
  readonly formats: readonly AlertFormat[];
  readonly handshake: Endpoint['handshake'];
  readonly intervalSeconds?: Endpoint['intervalSeconds'];
  /** How many endpoints each cohort has. */
  readonly cohorts: readonly number[];
  /** So many of each kind run at a time in a region; further messages wait in their queue. Default: all that want to. */
  readonly concurrency?: { readonly probe: number; readonly judge: number };
  /** Where the n-th endpoint listens. */
  readonly place: (n: number) => Pick<Endpoint, 'host' | 'port'> & Partial<Endpoint>;
}

/**
 * Endpoints and the functions that watch them, on a clock of their own: each minute every region dispatches and the watchdog sweeps, every
 * message is delivered when it is due, and the meter counts under the names `dispatch`, `watchdog`, `probe KIND` and `judge KIND`.
 */
export class Fleet {
  readonly endpoints: readonly Endpoint[];
  readonly #options: FleetOptions;
  readonly #mailbox = new Mailbox();
  /** When those of a kind that run in a region end, epoch ms. */
  readonly #running = new Map<string, number[]>();
  /** How long any message had to wait for a function to take it. */
  longestWaitMs = 0;
  /** Rounds that were not made, because their message came too late. */
  tooLate = 0;
  readonly #probes = new Map<string, ProbeContext>();
  readonly #memories = new Map<string, DispatchMemory>();
  readonly #judge: JudgeContext;
  readonly #now = Date.now;
  #nowMs = BEGIN_MS;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { meter, environment, formats, table, cohorts, intervalSeconds = 60 } = options;
    Date.now = () => this.#nowMs;
    meter.sent = (sent) => this.#mailbox.put(sent);
    const home = environment('');
    this.#judge = {
      environment: home,
      formats,
      table,
      queues: openQueues(home),
      topics: openTopics(home.deployment.homeRegion),
      now: Date.now,
      untoldNoted: new Map(),
      memory: new JudgeMemory(),
    };
    let n = 0;
    this.endpoints = cohorts.flatMap((members, number) =>
      Array.from({ length: members }, () => this.#endpoint(n++, cohortName(intervalSeconds, number))),
    );
  }

  get regions(): readonly string[] {
    return this.#judge.environment.regions;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /**
   * Puts them into the table as the API would have; not counted.
   * @param known of so many cohorts the endpoints too. Default: of all.
   */
  async register(known = Number.POSITIVE_INFINITY): Promise<void> {
    const byCohort = Map.groupBy(this.endpoints, ({ cohort }) => cohort);
    const items: Record<string, unknown>[] = [];
    for (const [cohort, members] of byCohort) {
      if (members.length > COHORT_SIZE) throw new Error(`a cohort of ${members.length}`);
      const places = members.map((one) => [memberAttribute(tagOf(one)), BEGIN_MS - 1] as const);
      items.push({ ...keys.cohort(cohort), plan: 1, places: members.length, ...Object.fromEntries(places) });
      if (parseCohort(cohort).number >= known) continue;
      for (const one of members)
        items.push({ ...one, ...keys.endpoint(one.id), ...cohortIndex(cohort, one.id) });
    }
    const { table, intervalSeconds = 60, cohorts } = this.#options;
    await noteNewest(table, intervalSeconds, cohorts.length - 1);
    const put = async (from: number): Promise<void> => {
      const batch = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
      await table.documents.send(new BatchWriteCommand({ RequestItems: { [table.name]: batch } }));
    };
    for (let from = 0; from < items.length; from += 100)
      await Promise.all([0, 25, 50, 75].filter((n) => from + n < items.length).map((n) => put(from + n)));
  }

  /** Lets minutes pass. @param wanted what else is sent, is lost. Default: all is delivered. */
  async pass(minutes: number, wanted: (letter: Letter) => boolean = () => true): Promise<void> {
    const endMs = this.#nowMs + minutes * 60_000;
    while (this.#nowMs < endMs) {
      await this.#everyMinute();
      const minuteEndMs = Math.min(endMs, this.#nowMs + 60_000);
      for (;;) {
        const second = this.#mailbox.nextSecond();
        if (second === null || second * 1000 > minuteEndMs) break;
        for (const letter of this.#mailbox.take(second).filter(wanted)) await this.#deliver(letter);
      }
      this.#nowMs = minuteEndMs;
    }
  }

  /** Counts what is done outside the functions. */
  as<T>(actor: string, act: () => Promise<T>): Promise<T> {
    return this.#options.meter.as(actor, act);
  }

  async #everyMinute(): Promise<void> {
    for (const region of this.regions) await this.dispatch(region);
    await this.watchdog();
  }

  /** @returns how many sweeps it has sent. */
  watchdog(): Promise<number> {
    const { table, meter } = this.#options;
    return meter.as('watchdog', async () => {
      const sent = await sweep(table, this.#judge.queues, this.#nowMs, this.#nowMs);
      await beat(table, null, this.#nowMs);
      return sent;
    });
  }

  /** One region plans its next minute. @returns how many messages. */
  async dispatch(region: string): Promise<number> {
    const { table, meter } = this.#options;
    const memory = this.#memories.get(region) ?? { cohorts: null, homeLostAtMs: null, homeLossTold: false };
    this.#memories.set(region, memory);
    const { regions } = this;
    const { queues } = this.#contextOf(region);
    const times = { scheduledMs: this.#nowMs, nowMs: this.#nowMs };
    const { sent } = await meter.as('dispatch', () =>
      dispatch({ table, queues, region, regions, ...times }, memory),
    );
    return sent;
  }

  /** When one more function of a kind may run in a region; if that is now, it does. */
  #begins(region: string, to: Letter['to']): number {
    const most = this.#options.concurrency?.[to] ?? Number.POSITIVE_INFINITY;
    const kind = `${to} ${region}`;
    const running = (this.#running.get(kind) ?? []).filter((end) => end > this.#nowMs);
    this.#running.set(kind, running);
    if (running.length >= most) return Math.min(...running);
    running.push(this.#nowMs + RUNS_MS[to]);
    return this.#nowMs;
  }

  async #deliver(letter: Letter): Promise<void> {
    const { to, region, body, dueMs, kind, since } = letter;
    this.#nowMs = Math.max(this.#nowMs, dueMs);
    const free = this.#begins(region, to);
    if (free > this.#nowMs) {
      this.#mailbox.wait(letter, free);
      return;
    }
    this.longestWaitMs = Math.max(this.longestWaitMs, this.#nowMs - since);
    const { meter } = this.#options;
    if (to === 'probe') {
      await meter.as(`probe ${kind}`, async () => {
        const { tooLate } = await probe(parseProbeMessage(body), 1, this.#contextOf(region));
        this.tooLate += tooLate;
      });
      return;
    }
    await meter.as(`judge ${kind}`, () => judgeGroup([parseJudgeMessage(body)], this.#judge));
  }

  /** As functions/probe.ts has it, but not paced and not spaced: what is counted here is not time. */
  #contextOf(region: string): ProbeContext {
    const { table } = this.#options;
    const known = this.#probes.get(region);
    if (known) return known;
    const environment = this.#options.environment(region);
    const { resolver, allowPrivateAddresses, ipv6, controls } = environment;
    const context: ProbeContext = {
      environment,
      table,
      queues: openQueues(environment),
      prober: {
        ...{ resolver, allowPrivateAddresses, ipv6, controls },
        sourceAddress: () => '198.51.100.7',
        gate: new Gate(0),
      },
      cache: new CohortCache(),
      storedCertificates: new Set(),
      clock: { tcpClock: 'loop', trouble: 'koffi_missing', kernelMs: null, loopMs: null },
      noted: null,
      now: Date.now,
    };
    this.#probes.set(region, context);
    return context;
  }

  #endpoint(n: number, cohort: string): Endpoint {
    const at = new Date(BEGIN_MS).toISOString();
    const id = `endpoint-${String(n).padStart(6, '0')}`;
    const { handshake, place, intervalSeconds = 60 } = this.#options;
    return {
      id,
      handshake,
      ...place(n),
      name: `Endpoint ${n}`,
      intervalSeconds,
      alertAfterSeconds: 30,
      regions: 'all',
      addressFamily: 'ipv4',
      certificate: 'ignore',
      tags: ['web'],
      enabled: true,
      team: 'web',
      cohort,
      createdAt: at,
      updatedAt: at,
      watchedSince: at,
      revision: 1,
    };
  }

  close(): void {
    Date.now = this.#now;
  }
}
