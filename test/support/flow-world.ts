import { AsyncLocalStorage } from 'node:async_hooks';
import { vi } from 'vitest';
import type { Environment } from '../../lib/deployment/environment.ts';
import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import { CohortCache } from '../../lib/flow/cohort-cache.ts';
import { type DispatchMemory, dispatch } from '../../lib/flow/dispatch.ts';
import { judgeCohort } from '../../lib/flow/judge.ts';
import { probe } from '../../lib/flow/probe.ts';
import type { ProbeContext } from '../../lib/flow/probe-context.ts';
import { sweep } from '../../lib/flow/watchdog.ts';
import { Gate } from '../../lib/probe/gate.ts';
import { type JudgeMessage, MESSAGE_VERSION, type ProbeMessage } from '../../lib/queue/message.ts';
import { parseJudgeMessage, parseProbeMessage, type Queues } from '../../lib/queue/queues.ts';
import { claimPlace } from '../../lib/store/cohort.ts';
import { createEndpoint } from '../../lib/store/endpoint.ts';
import type { Table } from '../../lib/store/table.ts';
import type { Topics } from '../../lib/topic/topics.ts';

/** As the stacks set them. */
const VISIBILITY_MS = { probe: 270_000, judge: 60_000 } as const;
const RECEIVES = { probe: 5, judge: 3 } as const;
const DEDUPLICATION_MS = 300_000;
const LONGEST_DELAY_MS = 900_000;

interface Delivery {
  readonly to: 'probe' | 'judge';
  readonly region: string;
  readonly body: string;
  dueMs: number;
  receives: number;
}

/** An alert as its topic got it. */
export interface Told {
  readonly atMs: number;
  readonly format: string;
  readonly body: string;
}

/** Where an invocation is to be killed: before its n-th write, send or acknowledgement, counted over the whole world. */
export interface Kill {
  readonly beforeStep: number;
}

/**
 * The flow with its real code, table and sockets, but a clock of its own and queues that obey it: minutes pass in milliseconds,
 * and any step can be the last of its invocation. Killed invocations are delivered again as SQS would.
 */
export class FlowWorld {
  readonly told: Told[] = [];
  readonly steps: string[] = [];
  /** What invocations that were not killed threw. */
  readonly failures: string[] = [];
  readonly #table: Table;
  readonly #regions: readonly string[];
  readonly #environment: (region: string) => Environment;
  readonly #contexts = new Map<string, ProbeContext>();
  readonly #memories = new Map<string, DispatchMemory>();
  readonly #seen = new Map<string, number>();
  #deliveries: Delivery[] = [];
  #nowMs: number;
  #minute: number;
  #kill: Kill | null = null;
  #counting = false;
  /** The invocation that a step belongs to; a step of the test itself has none. */
  readonly #lives = new AsyncLocalStorage<{ dead: boolean; readonly end: () => void }>();
  #topicsDown = false;

  constructor(options: {
    readonly table: Table;
    readonly environment: (region: string) => Environment;
    readonly startMs: number;
  }) {
    this.#table = options.table;
    this.#environment = options.environment;
    this.#regions = options.environment('').regions;
    this.#nowMs = options.startMs;
    this.#minute = Math.floor(options.startMs / 60_000);
    vi.setSystemTime(this.#nowMs);
    options.table.documents.middlewareStack.add(
      (next, { commandName = '' }) =>
        (input) =>
          /Put|Update|Delete/.test(commandName) ? this.#step(commandName, () => next(input)) : next(input),
      { step: 'initialize', name: 'flow-world', override: true },
    );
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** From here on steps are counted, and the one that `kill` names ends its invocation. */
  count(kill: Kill | null): void {
    this.#kill = kill;
    this.#counting = true;
    this.steps.length = 0;
  }

  set topicsDown(down: boolean) {
    this.#topicsDown = down;
  }

  async register(endpoint: Endpoint): Promise<void> {
    await claimPlace(this.#table, endpoint.cohort, tagOf(endpoint), this.#nowMs);
    await createEndpoint(this.#table, endpoint);
  }

  /** Lets time pass, some seconds a step, until it is so. @returns false: it was not within the limit. */
  async passUntil(isSo: () => Promise<boolean>, limitSeconds: number): Promise<boolean> {
    for (let passed = 0; passed < limitSeconds; passed += 10) {
      if (await isSo()) return true;
      await this.pass(10);
    }
    return isSo();
  }

  /** A judge call that nothing caused, as the API sends it. */
  nudge(cohort: string): void {
    const message = { v: MESSAGE_VERSION, kind: 'news', cohort, rounds: [] };
    this.#enqueue('judge', this.#regions[0] ?? '', message, this.#nowMs);
  }

  /** Lets time pass: every minute dispatches and sweeps, every message is delivered when it is due. */
  async pass(seconds: number): Promise<void> {
    const end = this.#nowMs + seconds * 1000;
    for (;;) {
      this.#deliveries.sort((a, b) => a.dueMs - b.dueMs);
      const next = this.#deliveries[0];
      const minuteMs = (this.#minute + 1) * 60_000;
      if (minuteMs <= Math.min(end, next?.dueMs ?? end)) {
        this.#minute += 1;
        this.#at(minuteMs);
        await this.#everyMinute(minuteMs);
      } else if (next && next.dueMs <= end) {
        this.#deliveries.shift();
        this.#at(Math.max(next.dueMs, this.#nowMs));
        await this.#deliver(next);
      } else {
        this.#at(end);
        return;
      }
    }
  }

  #at(ms: number): void {
    this.#nowMs = ms;
    vi.setSystemTime(ms);
  }

  async #everyMinute(scheduledMs: number): Promise<void> {
    const queues = this.#queues();
    for (const region of this.#regions) {
      const memory = this.#memories.get(region) ?? { cohorts: null, homeLostAtMs: null, homeLossTold: false };
      this.#memories.set(region, memory);
      const options = { table: this.#table, queues, region, regions: this.#regions };
      await this.#run(() => dispatch({ ...options, scheduledMs, nowMs: this.#nowMs }, memory));
    }
    await this.#run(() => sweep(this.#table, queues, scheduledMs));
  }

  /** One invocation, which may be killed on its way. */
  async #run(invoke: () => Promise<unknown>): Promise<'done' | 'failed' | 'killed'> {
    return new Promise((resolve) => {
      const life = { dead: false, end: () => resolve('killed') };
      this.#lives.run(life, () =>
        invoke()
          .then(() => this.#step('acknowledge', async () => resolve('done')))
          .catch((error: unknown) => {
            this.failures.push(String(error));
            resolve('failed');
          }),
      );
    });
  }

  async #deliver(delivery: Delivery): Promise<void> {
    delivery.receives += 1;
    if ((await this.#run(() => this.#invoke(delivery))) === 'done') return;
    if (delivery.receives >= RECEIVES[delivery.to]) return;
    delivery.dueMs = this.#nowMs + VISIBILITY_MS[delivery.to];
    this.#deliveries.push(delivery);
  }

  async #invoke({ to, region, body, receives }: Delivery): Promise<void> {
    if (to === 'probe') {
      await probe(parseProbeMessage(body), receives, this.#context(region));
      return;
    }
    const message = parseJudgeMessage(body);
    const environment = this.#environment(region);
    await judgeCohort(message.cohort, message.kind === 'news' ? message.rounds : [], {
      environment,
      formats: ['json'],
      table: this.#table,
      queues: this.#queues(),
      topics: this.#topics(),
      now: Date.now,
    });
  }

  /** Counts a step; the one to be killed before never returns, nor does anything its invocation does after. */
  #step<T>(name: string, act: () => Promise<T>): Promise<T> {
    const life = this.#lives.getStore();
    if (life?.dead) return new Promise(() => {});
    if (this.#counting && life) {
      this.steps.push(name);
      if (this.steps.length === this.#kill?.beforeStep) {
        life.dead = true;
        life.end();
        return new Promise(() => {});
      }
    }
    return act();
  }

  #context(region: string): ProbeContext {
    const known = this.#contexts.get(region);
    if (known) return known;
    const environment = this.#environment(region);
    const { resolver, allowPrivateAddresses, ipv6, controls } = environment;
    const context: ProbeContext = {
      environment,
      table: this.#table,
      queues: this.#queues(),
      prober: {
        resolver,
        allowPrivateAddresses,
        ipv6,
        controls,
        sourceAddress: () => null,
        gate: new Gate(0),
      },
      cache: new CohortCache(),
      storedCertificates: new Set(),
      tcpClock: 'loop',
      regionNotedAtMs: 0,
      now: Date.now,
    };
    this.#contexts.set(region, context);
    return context;
  }

  #queues(): Queues {
    return {
      sendProbe: (region, sends, nowMs) =>
        this.#step('sendProbe', async () => {
          for (const { message, dueMs } of sends) {
            // To the ms, where SQS has whole seconds: the prober would wait for the rest on the real clock.
            const due = Math.min(nowMs + LONGEST_DELAY_MS, Math.max(nowMs, dueMs ?? nowMs));
            this.#enqueue('probe', region, message, due);
          }
        }),
      sendJudge: (sends) =>
        this.#step('sendJudge', async () => {
          for (const { message, deduplicationId } of sends) {
            const id = `${message.cohort} ${deduplicationId}`;
            const before = this.#seen.get(id);
            if (before !== undefined && this.#nowMs - before < DEDUPLICATION_MS) continue;
            this.#seen.set(id, this.#nowMs);
            this.#enqueue('judge', this.#regions[0] ?? '', message, this.#nowMs);
          }
        }),
    };
  }

  #enqueue(to: 'probe' | 'judge', region: string, message: unknown, dueMs: number): void {
    const body = JSON.stringify(message satisfies unknown as ProbeMessage | JudgeMessage);
    this.#deliveries.push({ to, region, body, dueMs, receives: 0 });
  }

  #topics(): Topics {
    return {
      publish: (topicArn, { body }) =>
        this.#step('publish', async () => {
          if (this.#topicsDown) throw new Error('SNS does not answer');
          this.told.push({ atMs: this.#nowMs, format: topicArn.split('-').at(-1) ?? '', body });
        }),
    };
  }
}
