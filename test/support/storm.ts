import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { ALERT_FORMATS } from '../../lib/deployment/configuration.ts';
import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import type { JudgeContext } from '../../lib/flow/judge-context.ts';
import { judgeGroup } from '../../lib/flow/judge-group.ts';
import { JudgeMemory } from '../../lib/flow/judge-memory.ts';
import { type JudgeMessage, MESSAGE_VERSION, type ProbeMessage } from '../../lib/queue/message.ts';
import type { Readable } from '../../lib/queue/queues.ts';
import { getCohort } from '../../lib/store/cohort.ts';
import { cohortIndex, keys, memberAttribute } from '../../lib/store/keys.ts';
import { putRound } from '../../lib/store/round.ts';
import type { Table } from '../../lib/store/table.ts';
import type { Publication } from '../../lib/topic/topics.ts';
import type { TestStack } from './emulators.ts';
import { type Fate, START, shop, tried } from './tries.ts';

/** What is true of an endpoint from a region now. */
export type Truth = (endpoint: Endpoint, region: string) => { readonly fate: Fate; readonly address: string };

interface Published {
  readonly topic: string;
  readonly alert: Publication;
}

/** Many endpoints in many cohorts with a table of the emulator's, the real judge, and queues and topics that only remember. */
export class Storm {
  now = START;
  readonly endpoints: Endpoint[] = [];
  readonly published: Published[] = [];
  readonly asked: Readable<ProbeMessage>[] = [];
  /** So many writes, sends and publications from now the judge is killed, once; null: it lives. */
  killAfter: number | null = null;
  /** Whether that is before the step is done, or after it. */
  killBefore = false;
  #dead = false;
  readonly #memory = new JudgeMemory();
  readonly #stack: TestStack;
  readonly #messages: Readable<JudgeMessage>[] = [];

  constructor(stack: TestStack) {
    this.#stack = stack;
  }

  async register(cohorts: number, each: number, settings: (n: number) => Partial<Endpoint>): Promise<void> {
    for (let cohort = 0; cohort < cohorts; cohort += 1) {
      const made = Array.from({ length: each }, (_, place): Endpoint => {
        const n = cohort * each + place;
        const watchedSince = new Date(START - 1_000).toISOString();
        const base = {
          ...shop({ alertAfterSeconds: 0 }),
          id: `e${n}`,
          name: `E ${n}`,
          port: 1 + n,
          watchedSince,
        };
        return { ...base, ...settings(n), cohort: `60-${cohort}` };
      });
      await this.#put(`60-${cohort}`, made);
      this.endpoints.push(...made);
    }
  }

  /** As the store has them: one by one, thousands of endpoints would take longer to make than to judge. */
  async #put(cohort: string, made: readonly Endpoint[]): Promise<void> {
    const { documents, name } = this.#stack.table;
    const members = Object.fromEntries(made.map((endpoint) => [memberAttribute(tagOf(endpoint)), START]));
    const items = [
      { ...keys.cohort(cohort), plan: 1, places: made.length, ...members },
      ...made.map((one) => ({ ...one, ...keys.endpoint(one.id), ...cohortIndex(cohort, one.id) })),
    ];
    for (let from = 0; from < items.length; from += 25) {
      const RequestItems = { [name]: items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } })) };
      await documents.send(new BatchWriteCommand({ RequestItems }));
    }
  }

  get cohorts(): readonly string[] {
    return [...new Set(this.endpoints.map(({ cohort }) => cohort))];
  }

  /** One round of every cohort from these regions, begun now. */
  async round(truth: Truth, regions: readonly string[] = this.#context().environment.regions): Promise<void> {
    for (const cohort of this.cohorts) {
      const members = this.endpoints.filter((endpoint) => endpoint.cohort === cohort);
      for (const region of regions) {
        const observations = members.map((endpoint) => {
          const { fate, address } = truth(endpoint, region);
          return tried(fate, { tag: tagOf(endpoint), at: this.now, address });
        });
        const cause = { kind: 'retry', due: Math.floor(this.now / 1000), chain: 'x' } as const;
        await putRound(this.#stack.table, { cohort, region, cause, observations });
      }
    }
  }

  /** Every cohort is judged, then whatever that has sent to the judge. */
  async judge(): Promise<void> {
    for (const cohort of this.cohorts) this.#messages.push({ v: MESSAGE_VERSION, kind: 'sweep', cohort });
    await this.#drain();
  }

  /** As the watchdog does for what is told as one. */
  async wake(causes: readonly string[]): Promise<void> {
    for (const cause of causes) this.#messages.push({ v: MESSAGE_VERSION, kind: 'group', cause });
    await this.#drain();
  }

  async causes(): Promise<readonly string[]> {
    const items = await Promise.all(this.cohorts.map((cohort) => getCohort(this.#stack.table, cohort)));
    return [...new Set(items.flatMap((item) => [...(item?.causes.keys() ?? [])]))];
  }

  async #drain(): Promise<void> {
    for (let message = this.#messages.shift(); message; message = this.#messages.shift()) {
      try {
        await judgeGroup([structuredClone(message) as JudgeMessage], this.#context());
      } catch (error) {
        if (!this.#dead) throw error;
        this.#dead = false;
        // Delivered again, in its place: its group is locked until then.
        this.#messages.unshift(message);
      }
    }
  }

  #step<T>(act: () => Promise<T>): Promise<T> {
    const dies = (): Promise<T> => Promise.reject(new Error('killed'));
    if (this.#dead) return dies();
    if (this.killAfter === null) return act();
    this.killAfter -= 1;
    if (this.killAfter > 0) return act();
    this.killAfter = null;
    this.#dead = true;
    return this.killBefore ? dies() : act().then(dies);
  }

  #table(): Table {
    const { table } = this.#stack;
    const documents = new Proxy(table.documents, {
      get: (target, name) => {
        if (name !== 'send') return Reflect.get(target, name);
        return (command: { readonly constructor: { readonly name: string } }) => {
          const send = () => target.send(command as never);
          return /^(Put|Update|Delete)/.test(command.constructor.name) ? this.#step(send) : send();
        };
      },
    });
    return { ...table, documents };
  }

  #context(): JudgeContext {
    const environment = this.#stack.environment();
    return {
      environment,
      formats: ALERT_FORMATS,
      table: this.#table(),
      queues: {
        sendProbe: (_, sends) =>
          this.#step(async () => void this.asked.push(...sends.map(({ message }) => message))),
        // At once: the judge of a cause does not wait for the other cohorts.
        sendJudge: (sends) =>
          this.#step(async () => void this.#messages.unshift(...sends.map(({ message }) => message))),
        deadLetters: () => Promise.reject(new Error('nobody asks')),
      },
      topics: {
        publish: (topic, alert) => this.#step(async () => void this.published.push({ topic, alert })),
        subscriptions: () => Promise.reject(new Error('nobody asks')),
      },
      now: () => this.now,
      untoldNoted: new Map(),
      memory: this.#memory,
    };
  }
}
