import { vi } from 'vitest';
import type { AlertFormat } from '../../lib/deployment/configuration.ts';
import type { Environment } from '../../lib/deployment/environment.ts';
import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import { CohortCache } from '../../lib/flow/cohort-cache.ts';
import { type DispatchMemory, dispatch } from '../../lib/flow/dispatch.ts';
import { tellHomeLost } from '../../lib/flow/home-lost.ts';
import { judgeGroup } from '../../lib/flow/judge-group.ts';
import { JudgeMemory } from '../../lib/flow/judge-memory.ts';
import { probe } from '../../lib/flow/probe.ts';
import type { ProbeContext } from '../../lib/flow/probe-context.ts';
import { sweep } from '../../lib/flow/watchdog.ts';
import { Gate } from '../../lib/probe/gate.ts';
import { type JudgeMessage, MESSAGE_VERSION, type ProbeMessage } from '../../lib/queue/message.ts';
import {
  type DeadLetters,
  parseJudgeMessage,
  parseProbeMessage,
  type Queues,
} from '../../lib/queue/queues.ts';
import { claimPlace } from '../../lib/store/cohort.ts';
import { createEndpoint } from '../../lib/store/endpoint.ts';
import type { Table } from '../../lib/store/table.ts';
import type { Topics } from '../../lib/topic/topics.ts';
import { type Delivery, FlowMail, messageOf } from './flow-mail.ts';
import { FlowSteps } from './flow-steps.ts';

export type { Call, Kill } from './flow-steps.ts';

/** An alert as its topic got it. `format` is how the topic's name ends. */
export interface Told {
  readonly atMs: number;
  readonly format: string;
  readonly subject: string;
  readonly body: string;
}

/** A message as a function got it. */
export type Delivered = Pick<Told, 'atMs'> & {
  readonly region: string;
  readonly message: ProbeMessage | JudgeMessage;
};

/**
 * The flow with its real code, table and sockets, but a clock of its own and queues that obey it: minutes pass in milliseconds,
 * any step can be the last of its invocation, and any call can fail. Killed invocations are delivered again as SQS would.
 */
export class FlowWorld extends FlowSteps {
  readonly told: Told[] = [];
  readonly delivered: Delivered[] = [];
  readonly mail: FlowMail;
  /** As every invocation has them; what the test itself sends is no step. */
  readonly queues: Queues;
  /** Scheduler may fire more than once a minute. */
  schedulesTwice = false;
  readonly #table: Table;
  readonly #regions: readonly string[];
  readonly #formats: readonly AlertFormat[];
  readonly #environment: (region: string) => Environment;
  readonly #contexts = new Map<string, ProbeContext>();
  readonly #memories = new Map<string, DispatchMemory>();
  /** Two processes judge in turn: each finds what it remembers changed by the other. */
  readonly #judges = [new JudgeMemory(), new JudgeMemory()] as const;
  #judged = 0;
  #nowMs: number;
  #minute: number;

  /** What the dead-letter queues hold. */
  deadLetters: readonly DeadLetters[] = [];

  constructor(options: {
    readonly table: Table;
    readonly environment: (region: string) => Environment;
    readonly startMs: number;
    readonly formats?: readonly AlertFormat[];
  }) {
    super(options.table);
    this.#table = options.table;
    this.#environment = options.environment;
    this.#regions = options.environment('').regions;
    this.#formats = options.formats ?? ['json'];
    this.#nowMs = options.startMs;
    this.#minute = Math.floor(options.startMs / 60_000);
    this.mail = new FlowMail(this.#regions[0] ?? '');
    this.queues = this.#open();
    vi.setSystemTime(this.#nowMs);
  }

  get nowMs(): number {
    return this.#nowMs;
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
    const message = { v: MESSAGE_VERSION, kind: 'news', cohort, rounds: [] } as const;
    this.mail.sendJudge([{ message, deduplicationId: crypto.randomUUID() }], this.#nowMs);
  }

  /** Lets time pass: every minute dispatches and sweeps, every message is delivered when it is due. */
  async pass(seconds: number): Promise<void> {
    const end = this.#nowMs + seconds * 1000;
    for (;;) {
      const dueMs = this.mail.nextDueMs() ?? Number.POSITIVE_INFINITY;
      const minuteMs = (this.#minute + 1) * 60_000;
      if (minuteMs <= Math.min(end, dueMs)) {
        this.#minute += 1;
        this.#at(minuteMs);
        await this.#everyMinute(minuteMs);
        if (this.schedulesTwice) await this.#everyMinute(minuteMs);
      } else if (dueMs <= end) {
        this.#at(Math.max(dueMs, this.#nowMs));
        const next = this.mail.take();
        if (next) await this.#deliver(next);
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
    for (const region of this.#regions) {
      await this.run({ by: 'dispatch', region }, () => this.#dispatch(region, scheduledMs));
    }
    const home = this.#regions[0] ?? '';
    await this.run({ by: 'watchdog', region: home }, () =>
      sweep(this.#table, this.queues, scheduledMs, scheduledMs),
    );
  }

  /** As functions/dispatch.ts does. */
  async #dispatch(region: string, scheduledMs: number): Promise<void> {
    const memory = this.#memories.get(region) ?? { cohorts: null, homeLostAtMs: null, homeLossTold: false };
    this.#memories.set(region, memory);
    const environment = this.#environment(region);
    const options = { table: this.#table, queues: this.queues, region, regions: this.#regions };
    const done = await dispatch({ ...options, scheduledMs, nowMs: this.#nowMs }, memory);
    if (done.tellHomeLostAtMs === null || environment.regionTopicArn === null) return;
    await tellHomeLost(this.topics, environment.regionTopicArn, environment, done.tellHomeLostAtMs);
    memory.homeLossTold = true;
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { to, region } = delivery;
    this.delivered.push({ atMs: this.#nowMs, region, message: messageOf(delivery) });
    const ending = await this.run({ by: to, region }, () => this.#invoke(delivery));
    if (ending !== 'done') this.mail.again(delivery, this.#nowMs);
  }

  async #invoke({ to, region, body, receives }: Delivery): Promise<void> {
    if (to === 'probe') {
      await probe(parseProbeMessage(body), receives, this.#context(region));
      return;
    }
    await judgeGroup([parseJudgeMessage(body)], {
      environment: this.#environment(region),
      formats: this.#formats,
      table: this.#table,
      queues: this.queues,
      topics: this.topics,
      untoldNoted: new Map(),
      memory: this.#judgeMemory(),
      now: Date.now,
    });
  }

  #context(region: string): ProbeContext {
    const make = () => probeContext(this.#environment(region), this.#table, this.queues);
    const context = this.#contexts.get(region) ?? make();
    this.#contexts.set(region, context);
    return context;
  }

  #judgeMemory(): JudgeMemory {
    this.#judged += 1;
    return this.#judges[this.#judged % 3 === 0 ? 1 : 0];
  }

  #open(): Queues {
    return {
      sendProbe: (region, sends, nowMs) =>
        this.step('sendProbe', async () => {
          this.failIfSo('sendProbe', region);
          this.mail.sendProbe(region, sends, nowMs);
        }),
      sendJudge: (sends) =>
        this.step('sendJudge', async () => {
          this.failIfSo('sendJudge', null);
          this.mail.sendJudge(sends, this.#nowMs);
        }),
      deadLetters: () => Promise.resolve(this.deadLetters),
    };
  }

  get topics(): Topics {
    return {
      publish: (topicArn, { subject, body }) =>
        this.step('publish', async () => {
          const format = topicArn.split('-').at(-1) ?? '';
          this.failIfSo('publish', format);
          this.told.push({ atMs: this.#nowMs, format, subject, body });
        }),
      subscriptions: () => Promise.resolve({ confirmed: 1, pending: 0 }),
    };
  }
}

/** As functions/probe.ts has it, without pacing: the clock stands still while a handshake goes on. */
function probeContext(environment: Environment, table: Table, queues: Queues): ProbeContext {
  const { resolver, allowPrivateAddresses, ipv6, controls } = environment;
  return {
    environment,
    table,
    queues,
    prober: { resolver, allowPrivateAddresses, ipv6, controls, sourceAddress: () => null, gate: new Gate(0) },
    cache: new CohortCache(),
    storedCertificates: new Set(),
    clock: { tcpClock: 'loop', trouble: 'koffi_missing', kernelMs: null, loopMs: null },
    noted: null,
    now: Date.now,
  };
}
