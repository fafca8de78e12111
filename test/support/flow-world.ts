import { AsyncLocalStorage } from 'node:async_hooks';
import { vi } from 'vitest';
import type { AlertFormat } from '../../lib/deployment/configuration.ts';
import type { Environment } from '../../lib/deployment/environment.ts';
import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import { CohortCache } from '../../lib/flow/cohort-cache.ts';
import { type DispatchMemory, dispatch } from '../../lib/flow/dispatch.ts';
import { tellHomeLost } from '../../lib/flow/home-lost.ts';
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
import { type Delivery, FlowMail, messageOf } from './flow-mail.ts';

/** An alert as its topic got it. `format` is how the topic's name ends. */
export interface Told {
  readonly atMs: number;
  readonly format: string;
  readonly subject: string;
  readonly body: string;
}

/** A message as a function got it. */
export interface Delivered {
  readonly atMs: number;
  readonly region: string;
  readonly message: ProbeMessage | JudgeMessage;
}

/** Where an invocation is to be killed: before its n-th write, send or acknowledgement, counted over the whole world. */
export interface Kill {
  readonly beforeStep: number;
}

/** Something that an invocation asks of AWS. */
export interface Call {
  readonly by: 'dispatch' | 'watchdog' | 'probe' | 'judge';
  readonly region: string;
  /** A DynamoDB command, or `sendProbe`, `sendJudge`, `publish`. */
  readonly name: string;
  /** The item's key (`pk sk`), the region whose queue it is, or how the topic's name ends; null: none of these. */
  readonly of: string | null;
}

interface Life extends Pick<Call, 'by' | 'region'> {
  dead: boolean;
  readonly end: () => void;
}

/**
 * The flow with its real code, table and sockets, but a clock of its own and queues that obey it: minutes pass in milliseconds,
 * any step can be the last of its invocation, and any call can fail. Killed invocations are delivered again as SQS would.
 */
export class FlowWorld {
  readonly told: Told[] = [];
  readonly steps: string[] = [];
  readonly delivered: Delivered[] = [];
  /** What invocations that were not killed threw. */
  readonly failures: string[] = [];
  readonly mail: FlowMail;
  /** As every invocation has them; what the test itself sends is no step. */
  readonly queues: Queues;
  /** What a call fails with; null: it does not. Asked after the client's own retries. Default: nothing fails. */
  fault: (call: Call) => Error | null = () => null;
  /** Scheduler may fire more than once a minute. */
  schedulesTwice = false;
  readonly #table: Table;
  readonly #regions: readonly string[];
  readonly #formats: readonly AlertFormat[];
  readonly #environment: (region: string) => Environment;
  readonly #contexts = new Map<string, ProbeContext>();
  readonly #memories = new Map<string, DispatchMemory>();
  #nowMs: number;
  #minute: number;
  #kill: Kill | null = null;
  #counting = false;
  /** The invocation that a step belongs to; a step of the test itself has none. */
  readonly #lives = new AsyncLocalStorage<Life>();

  constructor(options: {
    readonly table: Table;
    readonly environment: (region: string) => Environment;
    readonly startMs: number;
    /** Default json alone. */
    readonly formats?: readonly AlertFormat[];
  }) {
    this.#table = options.table;
    this.#environment = options.environment;
    this.#regions = options.environment('').regions;
    this.#formats = options.formats ?? ['json'];
    this.#nowMs = options.startMs;
    this.#minute = Math.floor(options.startMs / 60_000);
    this.mail = new FlowMail(this.#regions[0] ?? '');
    this.queues = this.#open();
    vi.setSystemTime(this.#nowMs);
    options.table.documents.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (command) => {
          this.#failIfSo(commandName, keyOf(command.input));
          return /Put|Update|Delete/.test(commandName)
            ? this.#step(commandName, () => next(command))
            : next(command);
        },
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
      await this.#run({ by: 'dispatch', region }, () => this.#dispatch(region, scheduledMs));
    }
    const home = this.#regions[0] ?? '';
    await this.#run({ by: 'watchdog', region: home }, () => sweep(this.#table, this.queues, scheduledMs));
  }

  /** As functions/dispatch.ts does. */
  async #dispatch(region: string, scheduledMs: number): Promise<void> {
    const memory = this.#memories.get(region) ?? { cohorts: null, homeLostAtMs: null, homeLossTold: false };
    this.#memories.set(region, memory);
    const environment = this.#environment(region);
    const options = { table: this.#table, queues: this.queues, region, regions: this.#regions };
    const done = await dispatch({ ...options, scheduledMs, nowMs: this.#nowMs }, memory);
    if (done.tellHomeLostAtMs === null || environment.regionTopicArn === null) return;
    await tellHomeLost(this.#topics(), environment.regionTopicArn, environment, done.tellHomeLostAtMs);
    memory.homeLossTold = true;
  }

  /** One invocation, which may be killed on its way. */
  async #run(
    call: Pick<Call, 'by' | 'region'>,
    invoke: () => Promise<unknown>,
  ): Promise<'done' | 'failed' | 'killed'> {
    return new Promise((resolve) => {
      const life: Life = { ...call, dead: false, end: () => resolve('killed') };
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
    const { to, region } = delivery;
    this.delivered.push({ atMs: this.#nowMs, region, message: messageOf(delivery) });
    const ending = await this.#run({ by: to, region }, () => this.#invoke(delivery));
    if (ending !== 'done') this.mail.again(delivery, this.#nowMs);
  }

  async #invoke({ to, region, body, receives }: Delivery): Promise<void> {
    if (to === 'probe') {
      await probe(parseProbeMessage(body), receives, this.#context(region));
      return;
    }
    const message = parseJudgeMessage(body);
    await judgeCohort(message.cohort, message.kind === 'news' ? message.rounds : [], {
      environment: this.#environment(region),
      formats: this.#formats,
      table: this.#table,
      queues: this.queues,
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

  #failIfSo(name: string, of: string | null): void {
    const life = this.#lives.getStore();
    const error = life ? this.fault({ by: life.by, region: life.region, name, of }) : null;
    if (error) throw error;
  }

  #context(region: string): ProbeContext {
    const known = this.#contexts.get(region);
    if (known) return known;
    const environment = this.#environment(region);
    const { resolver, allowPrivateAddresses, ipv6, controls } = environment;
    const context: ProbeContext = {
      environment,
      table: this.#table,
      queues: this.queues,
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

  #open(): Queues {
    return {
      sendProbe: (region, sends, nowMs) =>
        this.#step('sendProbe', async () => {
          this.#failIfSo('sendProbe', region);
          this.mail.sendProbe(region, sends, nowMs);
        }),
      sendJudge: (sends) =>
        this.#step('sendJudge', async () => {
          this.#failIfSo('sendJudge', null);
          this.mail.sendJudge(sends, this.#nowMs);
        }),
    };
  }

  #topics(): Topics {
    return {
      publish: (topicArn, { subject, body }) =>
        this.#step('publish', async () => {
          const format = topicArn.split('-').at(-1) ?? '';
          this.#failIfSo('publish', format);
          this.told.push({ atMs: this.#nowMs, format, subject, body });
        }),
    };
  }
}

function keyOf(input: object): string | null {
  const key: unknown = 'Item' in input ? input.Item : 'Key' in input ? input.Key : null;
  if (typeof key !== 'object' || key === null || !('pk' in key) || !('sk' in key)) return null;
  return `${key.pk} ${key.sk}`;
}
