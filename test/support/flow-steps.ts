import { AsyncLocalStorage } from 'node:async_hooks';
import type { Table } from '../../lib/store/table.ts';

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

/** Invocations, of which any can be killed before any of its steps, and any call of AWS can fail. */
export class FlowSteps {
  readonly steps: string[] = [];
  /** What invocations that were not killed threw. */
  readonly failures: string[] = [];
  /** What a call fails with; null: it does not. Asked after the client's own retries. Default: nothing fails. */
  fault: (call: Call) => Error | null = () => null;
  #kill: Kill | null = null;
  #counting = false;
  /** The invocation that a step belongs to; a step of the test itself has none. */
  readonly #lives = new AsyncLocalStorage<Life>();

  constructor(table: Table) {
    table.documents.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (command) => {
          this.failIfSo(commandName, keyOf(command.input));
          return /Put|Update|Delete/.test(commandName)
            ? this.step(commandName, () => next(command))
            : next(command);
        },
      { step: 'initialize', name: 'flow-world', override: true },
    );
  }

  /** From here on steps are counted, and the one that `kill` names ends its invocation. */
  count(kill: Kill | null): void {
    this.#kill = kill;
    this.#counting = true;
    this.steps.length = 0;
  }

  /** One invocation, which may be killed on its way. */
  protected async run(
    call: Pick<Call, 'by' | 'region'>,
    invoke: () => Promise<unknown>,
  ): Promise<'done' | 'failed' | 'killed'> {
    return new Promise((resolve) => {
      const life: Life = { ...call, dead: false, end: () => resolve('killed') };
      this.#lives.run(life, () =>
        invoke()
          .then(() => this.step('acknowledge', async () => resolve('done')))
          .catch((error: unknown) => {
            this.failures.push(String(error));
            resolve('failed');
          }),
      );
    });
  }

  /** Counts a step; the one to be killed before never returns, nor does anything its invocation does after. */
  protected step<T>(name: string, act: () => Promise<T>): Promise<T> {
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

  protected failIfSo(name: string, of: string | null): void {
    const life = this.#lives.getStore();
    const error = life ? this.fault({ by: life.by, region: life.region, name, of }) : null;
    if (error) throw error;
  }
}

function keyOf(input: object): string | null {
  const key: unknown = 'Item' in input ? input.Item : 'Key' in input ? input.Key : null;
  if (typeof key !== 'object' || key === null || !('pk' in key) || !('sk' in key)) return null;
  return `${key.pk} ${key.sk}`;
}
