import { AsyncLocalStorage } from 'node:async_hooks';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';

/** What one kind of invocation has asked of AWS. */
export interface Tally {
  invocations: number;
  /** DynamoDB, as the emulator reports them. */
  readUnits: number;
  writeUnits: number;
  /** Worked out from the items, because the emulator reports none: the index holds whole items. */
  indexWriteUnits: number;
  tableRequests: number;
  /** SQS requests that the code itself makes; receiving and deleting is Lambda's and not among them. */
  queueRequests: number;
  messages: number;
  publishes: number;
}

const NOTHING: Tally = {
  invocations: 0,
  readUnits: 0,
  writeUnits: 0,
  indexWriteUnits: 0,
  tableRequests: 0,
  queueRequests: 0,
  messages: 0,
  publishes: 0,
};

/** One message that was sent, as SQS got it. */
export interface Sent {
  readonly queueUrl: string;
  readonly body: string;
  readonly delaySeconds: number;
  readonly group: string | null;
  readonly deduplicationId: string | null;
}

interface Command {
  readonly input: Record<string, unknown>;
  readonly constructor: { readonly name: string };
}

interface Sender {
  send(this: Client, command: Command, ...rest: readonly unknown[]): Promise<Record<string, unknown>>;
}

interface Client {
  readonly config: { readonly serviceId: string };
  send(command: unknown): Promise<{ readonly Item?: Readonly<Record<string, { readonly S?: string }>> }>;
}

/** Units of a partition in a second (of the virtual clock, where there is one). */
export interface Heat {
  readonly partition: string;
  readonly second: number;
  read: number;
  write: number;
}

/**
 * Stands where every client of the SDK, whoever opened it, passes its commands on. DynamoDB's go to the emulator and are asked what they
 * consumed; SQS's and SNS's are answered here, counted, and `sent` gets the messages.
 */
export class Meter {
  readonly tallies = new Map<string, Tally>();
  readonly heat = new Map<string, Heat>();
  /** Every message larger than this would be an error of ours: SQS counts 64 KiB as one request. */
  largestBatchBytes = 0;
  sent: (message: Sent) => void = () => {};
  published: (topicArn: string, body: string) => void = () => {};
  readonly #actors = new AsyncLocalStorage<string>();
  readonly #base: Sender;
  readonly #send: Sender['send'];

  constructor() {
    this.#base = Object.getPrototypeOf(SQSClient.prototype) as Sender;
    this.#send = this.#base.send;
    const meter = this;
    this.#base.send = function (this: Client, command, ...rest) {
      const actor = meter.#actors.getStore();
      const go = (): Promise<Record<string, unknown>> => meter.#send.call(this, command, ...rest);
      if (actor === undefined) return go();
      return meter.#count(meter.tallyOf(actor), this, command, go);
    };
  }

  /** Whatever `act` asks of AWS is this actor's. */
  as<T>(actor: string, act: () => Promise<T>): Promise<T> {
    this.tallyOf(actor).invocations += 1;
    return this.#actors.run(actor, act);
  }

  tallyOf(actor: string): Tally {
    const tally = this.tallies.get(actor) ?? { ...NOTHING };
    this.tallies.set(actor, tally);
    return tally;
  }

  /** Begins to count anew. */
  reset(): void {
    this.tallies.clear();
    this.heat.clear();
    this.largestBatchBytes = 0;
  }

  close(): void {
    this.#base.send = this.#send;
  }

  async #count(
    tally: Tally,
    client: Client,
    command: Command,
    go: () => Promise<Record<string, unknown>>,
  ): Promise<Record<string, unknown>> {
    switch (client.config.serviceId) {
      case 'SQS':
        return this.#queue(tally, command);
      case 'SNS':
        tally.publishes += 1;
        this.published(String(command.input.TopicArn), String(command.input.Message));
        return { MessageId: 'counted' };
      case 'DynamoDB':
        return this.#table(tally, client, command, go);
      default:
        throw new Error(`nobody counts ${client.config.serviceId}`);
    }
  }

  #queue(tally: Tally, { input }: Command): Record<string, unknown> {
    tally.queueRequests += 1;
    const { QueueUrl, Entries = [] } = input as {
      QueueUrl: string;
      Entries?: {
        MessageBody: string;
        DelaySeconds?: number;
        MessageGroupId?: string;
        MessageDeduplicationId?: string;
      }[];
    };
    if (Entries.length > 10) throw new Error(`a batch of ${Entries.length} messages`);
    let bytes = 0;
    for (const { MessageBody: body, DelaySeconds = 0, MessageGroupId, MessageDeduplicationId } of Entries) {
      bytes += Buffer.byteLength(body);
      tally.messages += 1;
      this.sent({
        queueUrl: QueueUrl,
        body,
        delaySeconds: DelaySeconds,
        group: MessageGroupId ?? null,
        deduplicationId: MessageDeduplicationId ?? null,
      });
    }
    this.largestBatchBytes = Math.max(this.largestBatchBytes, bytes);
    return {
      Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' },
    };
  }

  async #table(
    tally: Tally,
    client: Client,
    command: Command,
    go: () => Promise<Record<string, unknown>>,
  ): Promise<Record<string, unknown>> {
    const { input } = command;
    const isWrite = /^(Put|Update|Delete)Command$/.test(command.constructor.name);
    input.ReturnConsumedCapacity = 'TOTAL';
    tally.tableRequests += 1;
    const key = isWrite ? keyOf(input.Item ?? input.Key) : null;
    // Nothing else is ever in the index; see lib/store/keys.ts.
    const indexed = key !== null && /^(ENDPOINT#|WATCH)/.test(key.pk);
    const before = indexed ? await this.#indexKey(client, input, key) : null;
    try {
      const answer = await go();
      const found = unitsOf(answer.ConsumedCapacity);
      if (!isWrite) {
        // A query that finds nothing costs the least that any read does; the emulator says nothing.
        const units = Math.max(found, input.ConsistentRead === true ? 1 : 0.5);
        tally.readUnits += units;
        this.#heat(partitionOf(input), units, 0);
        return answer;
      }
      const units = found;
      tally.writeUnits += units;
      this.#heat(key?.pk ?? '', 0, units);
      if (indexed) {
        const after = await this.#indexKey(client, input, key);
        const moved = before === after ? (after === null ? 0 : 1) : (before ? 1 : 0) + (after ? 1 : 0);
        tally.indexWriteUnits += units * moved;
        if (after !== null) this.#heat(`index ${after.split(' ')[0]}`, 0, units);
      }
      return answer;
    } catch (error) {
      // A condition that does not hold is paid for like a write; the emulator does not say how much.
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') tally.writeUnits += 1;
      throw error;
    }
  }

  #heat(partition: string, read: number, write: number): void {
    const second = Math.floor(Date.now() / 1000);
    const name = `${second} ${partition}`;
    const heat = this.heat.get(name) ?? { partition, second, read: 0, write: 0 };
    heat.read += read;
    heat.write += write;
    this.heat.set(name, heat);
  }

  async #indexKey(
    client: Client,
    { TableName }: Record<string, unknown>,
    { pk, sk }: { readonly pk: string; readonly sk: string },
  ): Promise<string | null> {
    const command = new GetItemCommand({
      TableName: String(TableName),
      Key: { pk: { S: pk }, sk: { S: sk } },
      ConsistentRead: true,
    });
    const { Item } = (await this.#send.call(client, command as unknown as Command)) as Awaited<
      ReturnType<Client['send']>
    >;
    return Item?.gsi1pk?.S === undefined ? null : `${Item.gsi1pk.S} ${Item.gsi1sk?.S}`;
  }
}

function keyOf(of: unknown): { readonly pk: string; readonly sk: string } {
  return of as { readonly pk: string; readonly sk: string };
}

function unitsOf(consumed: unknown): number {
  const all = (Array.isArray(consumed) ? consumed : [consumed]) as { CapacityUnits?: number }[];
  return all.reduce((sum, one) => sum + (one?.CapacityUnits ?? 0), 0);
}

/** The first one of a batch stands for the others: they are of as many endpoints. */
function partitionOf({
  Key,
  ExpressionAttributeValues: values,
  RequestItems,
}: Record<string, unknown>): string {
  if (Key) return keyOf(Key).pk;
  if (RequestItems) return 'a batch';
  const [first] = Object.entries((values ?? {}) as Record<string, unknown>).filter(
    ([, value]) => typeof value === 'string',
  );
  return String(first?.[1] ?? '');
}
