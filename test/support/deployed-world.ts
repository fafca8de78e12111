import { vi } from 'vitest';
import type { ApiResult } from '../../lib/api/problem.ts';
import { ENVIRONMENT_VARIABLE } from '../../lib/deployment/environment.ts';
import { eventOf } from './gateway.ts';
import type { Call, Recorder } from './recorder.ts';
import type { SynthesizedFunction } from './roles.ts';

/** A message that comes back does so after the longer of the two queues' visibility timeouts. */
const VISIBILITY_MS = 270_000;
const RECEIVES = 5;

interface Delivery {
  readonly queue: string;
  readonly body: string;
  readonly messageId: string;
  dueMs: number;
  receives: number;
}

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

interface Deployed extends SynthesizedFunction {
  readonly handler: Handler;
}

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field.
  readonly body: any;
}

/**
 * The handlers of `functions/`, one copy a function and region, each told what its template tells it. The table, queues and
 * topics that they call are the emulators'; what they have sent is delivered here, so that minutes pass in milliseconds.
 */
export class DeployedWorld {
  readonly #functions: readonly Deployed[];
  readonly #recorder: Recorder;
  #deliveries: Delivery[] = [];
  #read = 0;
  #nowMs: number;

  private constructor(functions: readonly Deployed[], recorder: Recorder, startMs: number) {
    this.#functions = functions;
    this.#recorder = recorder;
    this.#nowMs = startMs;
  }

  /** Takes `Date` over; `vi.useRealTimers` gives it back. */
  static async open(
    functions: readonly SynthesizedFunction[],
    recorder: Recorder,
    startMs: number,
  ): Promise<DeployedWorld> {
    vi.useFakeTimers({ toFake: ['Date'], now: startMs });
    // Kept apart on the real clock, which does not pass here.
    vi.doMock('../../lib/probe/limits.ts', async (original) => ({
      ...(await original<object>()),
      ADDRESS_SPACING_MS: 0,
    }));
    const deployed: Deployed[] = [];
    for (const one of functions) {
      vi.resetModules();
      vi.stubEnv(ENVIRONMENT_VARIABLE, one.environment);
      const { handler } = await recorder.as(
        callerOf(one),
        () => import(`../../functions/${one.name}.ts`) as Promise<{ handler: Handler }>,
      );
      deployed.push({ ...one, handler });
    }
    vi.unstubAllEnvs();
    return new DeployedWorld(deployed, recorder, startMs);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** A signed request to the API. */
  async request(method: string, path: string, body?: unknown): Promise<Answer> {
    const [api] = this.#named('api');
    if (!api) throw new Error('there is no API');
    const result = (await this.#invoke(api, eventOf(method, path, body, {}))) as ApiResult;
    const text = result.body;
    return { status: result.statusCode ?? 0, body: text === undefined ? undefined : JSON.parse(text) };
  }

  /** Lets time pass, some seconds a step, until it is so. @throws when it was not within the limit. */
  async passUntil(what: string, isSo: () => boolean | Promise<boolean>, limitSeconds: number): Promise<void> {
    for (let passed = 0; passed < limitSeconds; passed += 5) {
      if (await isSo()) return;
      await this.pass(5);
    }
    if (!(await isSo())) throw new Error(`within ${limitSeconds} s it did not come to this: ${what}`);
  }

  /** Lets time pass: every minute is dispatched and watched, every message is delivered when it is due. */
  async pass(seconds: number): Promise<void> {
    const endMs = this.#nowMs + seconds * 1000;
    for (;;) {
      const minuteMs = (Math.floor(this.#nowMs / 60_000) + 1) * 60_000;
      this.#deliveries.sort((a, b) => a.dueMs - b.dueMs);
      const [next] = this.#deliveries;
      if (next && next.dueMs <= Math.min(endMs, minuteMs)) {
        this.#deliveries.shift();
        this.#at(Math.max(this.#nowMs, next.dueMs));
        await this.#deliver(next);
      } else if (minuteMs <= endMs) {
        this.#at(minuteMs);
        const event = { scheduledTime: new Date(minuteMs).toISOString() };
        for (const one of [...this.#named('dispatch'), ...this.#named('watchdog')]) {
          await this.#invoke(one, event);
        }
      } else {
        this.#at(endMs);
        return;
      }
    }
  }

  #at(ms: number): void {
    this.#nowMs = ms;
    vi.setSystemTime(ms);
  }

  #named(name: string): readonly Deployed[] {
    return this.#functions.filter((one) => one.name === name);
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const receiver = this.#functions.find(({ polls }) => polls.includes(delivery.queue));
    if (!receiver) throw new Error(`nobody receives from ${delivery.queue}`);
    delivery.receives += 1;
    const { messageId, body, receives } = delivery;
    const attributes = { ApproximateReceiveCount: String(receives) };
    const event = { Records: [{ messageId, body, attributes }] };
    const answer = (await this.#invoke(receiver, event)) as { readonly batchItemFailures: unknown[] };
    if (answer.batchItemFailures.length === 0 || receives === RECEIVES) return;
    this.#deliveries.push({ ...delivery, dueMs: this.#nowMs + VISIBILITY_MS });
  }

  async #invoke(one: Deployed, event: unknown): Promise<unknown> {
    const context = { awsRequestId: `request-${this.#recorder.calls.length}` };
    const answer = await this.#recorder.as(callerOf(one), () => one.handler(event, context));
    for (const call of this.#recorder.done.slice(this.#read)) this.#enqueue(call);
    this.#read = this.#recorder.done.length;
    return answer;
  }

  #enqueue({ action, resource, input }: Call): void {
    if (action !== 'sqs:SendMessage') return;
    const entries = input.Entries as readonly {
      readonly MessageBody: string;
      readonly DelaySeconds?: number;
    }[];
    for (const { MessageBody: body, DelaySeconds } of entries) {
      // Delays are whole seconds, rounded down; the prober would wait for the rest on the real clock.
      const delayMs = DelaySeconds === undefined ? 0 : DelaySeconds * 1000 + 999;
      const messageId = `message-${this.#read}-${this.#deliveries.length}`;
      this.#deliveries.push({ queue: resource, body, messageId, dueMs: this.#nowMs + delayMs, receives: 0 });
    }
  }
}

/** How a function is named in recorded calls. */
export const callerOf = ({ name, region }: Pick<SynthesizedFunction, 'name' | 'region'>): string =>
  `${name} ${region}`;
