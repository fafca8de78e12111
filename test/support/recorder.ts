import { AsyncLocalStorage } from 'node:async_hooks';
import { SQSClient } from '@aws-sdk/client-sqs';
import { vi } from 'vitest';

/** One AWS call of a function, as IAM sees it. */
export interface Call {
  /** `name region` of the function. */
  readonly caller: string;
  /** `service:Action`, as policies write it. */
  readonly action: string;
  /** ARN with the region in which the call is made: that is where it is authorised. */
  readonly resource: string;
  readonly input: Input;
}

type Input = Readonly<Record<string, unknown>>;

interface Client {
  readonly config: { readonly serviceId: string; region(): Promise<string> };
}

interface Sender {
  send(this: Client, command: { readonly input: Input }, ...rest: readonly unknown[]): Promise<unknown>;
}

/** What a command is authorised as where that is not its own name: the document client's short ones, and batches of SQS. */
const ACTIONS: Readonly<Record<string, string>> = {
  'dynamodb:Get': 'dynamodb:GetItem',
  'dynamodb:BatchGet': 'dynamodb:BatchGetItem',
  'dynamodb:Put': 'dynamodb:PutItem',
  'dynamodb:Update': 'dynamodb:UpdateItem',
  'dynamodb:Delete': 'dynamodb:DeleteItem',
  'dynamodb:BatchWrite': 'dynamodb:BatchWriteItem',
  'sqs:SendMessageBatch': 'sqs:SendMessage',
};

/**
 * Listens where every client of the SDK, whoever opened it, passes its commands on: what a function calls is written down with
 * the function's name, what the test itself calls is not. `vi.restoreAllMocks` ends it.
 */
export class Recorder {
  readonly calls: Call[] = [];
  /** Those of `calls` that AWS has carried out. */
  readonly done: Call[] = [];
  /** Calls for which this says so never arrive, as if the network were cut. */
  isCut: (call: Call) => boolean = () => false;
  readonly #callers = new AsyncLocalStorage<string>();
  readonly #account: string;

  constructor(account: string) {
    this.#account = account;
    // Every client of the SDK inherits `send` from one class.
    const base = Object.getPrototypeOf(SQSClient.prototype) as Sender;
    const { send } = base;
    const recorder = this;
    vi.spyOn(base, 'send').mockImplementation(async function (this: Client, command, ...rest) {
      const calls = await recorder.#callsOf(this, command);
      recorder.calls.push(...calls);
      if (calls.some(recorder.isCut)) throw Object.assign(new Error('cut off'), { name: 'TimeoutError' });
      const answer = await send.call(this, command, ...rest);
      recorder.done.push(...calls);
      return answer;
    });
  }

  /** Whatever is called in `act`, now or later, is a call of this function. */
  as<T>(caller: string, act: () => Promise<T>): Promise<T> {
    return this.#callers.run(caller, act);
  }

  async #callsOf(client: Client, command: { readonly input: Input }): Promise<Call[]> {
    const caller = this.#callers.getStore();
    if (caller === undefined) return [];
    const service = client.config.serviceId.toLowerCase();
    const name = `${service}:${command.constructor.name.replace(/Command$/, '')}`;
    const action = ACTIONS[name] ?? name;
    const { input } = command;
    const prefix = `arn:aws:${service}:${await client.config.region()}:${this.#account}:`;
    return resourcesOf(input).map((resource) => ({ caller, action, resource: prefix + resource, input }));
  }
}

/** The last part of the ARNs. A command without any that is known here is on `*`, which no role of ours allows. */
function resourcesOf(input: Input): readonly string[] {
  const { TableName, IndexName, RequestItems, QueueUrl, TopicArn } = input;
  if (typeof TableName === 'string') {
    return [`table/${TableName}${typeof IndexName === 'string' ? `/index/${IndexName}` : ''}`];
  }
  if (typeof RequestItems === 'object' && RequestItems !== null) {
    return Object.keys(RequestItems).map((table) => `table/${table}`);
  }
  if (typeof QueueUrl === 'string') return [QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)];
  if (typeof TopicArn === 'string') return [TopicArn.slice(TopicArn.lastIndexOf(':') + 1)];
  return ['*'];
}
