/** `handler`: it threw; `timeout`: it was ended; `crash`: the process ended by itself; `start`: it never came up. */
export type FunctionFailure = 'handler' | 'timeout' | 'crash' | 'start';

/** An invocation that has no answer. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly failure: FunctionFailure;
  /** What the process wrote last. */
  readonly log: readonly string[];

  constructor(message: string, failure: FunctionFailure, log: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
    this.log = log;
  }
}
