import { createHash } from 'node:crypto';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Environment } from '../deployment/environment.ts';
import { names } from '../deployment/names.ts';
import { groupOf, type JudgeMessage, type ProbeMessage } from './message.ts';
import { sendAll } from './send.ts';

export { parseJudgeMessage, parseProbeMessage, UnreadableMessage } from './parse.ts';

/** SQS delays no message longer than this. */
export const MAX_DELAY_SECONDS = 900;

/** The same, and whatever is in it may be readonly. */
export type Readable<T> = T extends object ? { readonly [K in keyof T]: Readable<T[K]> } : T;

/** A message to a region's probers. `dueMs`: to be received then, epoch ms; absent: at once. */
export interface ProbeSend {
  readonly message: Readable<ProbeMessage>;
  readonly dueMs?: number;
}

/** A message to the judge; within 5 min a group's second one of the same id is dropped by the queue. */
export interface JudgeSend {
  readonly message: Readable<JudgeMessage>;
  /** See newsId, sweepId, watchId and healthId, or a fresh UUID. */
  readonly deduplicationId: string;
}

export interface Queues {
  /**
   * Sends to the probe queue of a region. What is due later than 900 s from now arrives 900 s from now.
   * @throws when a message could not be sent; others of the same call may have been.
   */
  sendProbe(region: string, sends: readonly ProbeSend[], nowMs: number): Promise<void>;
  /** Sends to the judge, one message group a cohort and one for the watching. @throws like sendProbe. */
  sendJudge(sends: readonly JudgeSend[]): Promise<void>;
  /** How many messages each dead-letter queue holds. One that cannot be read is left out, and logged. */
  deadLetters(): Promise<readonly DeadLetters[]>;
}

export interface DeadLetters {
  /** Whose probers' queue; null: the judge's. */
  readonly region: string | null;
  readonly messages: number;
}

/** The judge's deduplication id of the news in one round. */
export function newsId(region: string, key: string): string {
  return `news:${region}:${key}`;
}

/** The judge's deduplication id of a sweep; `minute`: epoch minutes. */
export function sweepId(cohort: string, minute: number): string {
  return `sweep:${cohort}:${minute}`;
}

/** The judge's deduplication id of the watchdog's look at the watching; `minute`: epoch minutes. */
export function watchId(minute: number): string {
  return `minute:${minute}`;
}

/** The judge's deduplication id of a turn of a region's health: once when it is seen and once when it is certain. */
export function healthId(region: string, sinceMs: number, confirmed: boolean): string {
  return `${confirmed ? 'confirmed' : 'seen'}:${region}:${sinceMs}`;
}

/** The judge's deduplication id of a change of what a cohort has in common with others. */
export function groupId(cohort: string, digest: string, nowMs: number): string {
  return `${cohort}:${digest}:${nowMs}`;
}

/** The judge's deduplication id of the watchdog's look at a cause; `minute`: epoch minutes. */
export function causeId(minute: number): string {
  return `minute:${minute}`;
}

/** Opens the queues that an environment names. Nothing is sent. */
export function openQueues(environment: Environment): Queues {
  const clients = new Map<string, SQSClient>();
  const clientOf = (region: string): SQSClient => {
    const client = clients.get(region) ?? openClient(region);
    clients.set(region, client);
    return client;
  };
  return {
    async sendProbe(region, sends, nowMs) {
      const queueUrl = environment.probeQueueUrls[region];
      if (queueUrl === undefined) {
        throw new Error(`no probe queue is known for the region ${region}: deploy the stacks again`, {
          cause: { region, known: Object.keys(environment.probeQueueUrls) },
        });
      }
      const entries = sends.map(({ message, dueMs }) => ({
        MessageBody: JSON.stringify(message),
        DelaySeconds: delaySeconds(dueMs ?? nowMs, nowMs),
      }));
      await sendAll(clientOf(region), queueUrl, entries);
    },
    async sendJudge(sends) {
      const entries = sends.map(({ message, deduplicationId }) => ({
        MessageBody: JSON.stringify(message),
        MessageGroupId: groupOf(message),
        MessageDeduplicationId: fifoId(`${groupOf(message)}:${deduplicationId}`),
      }));
      await sendAll(clientOf(environment.deployment.homeRegion), environment.judgeQueueUrl, entries);
    },
    async deadLetters() {
      const { deployment, judgeQueueUrl, probeQueueUrls } = environment;
      const { name, homeRegion } = deployment;
      const judge = beside(judgeQueueUrl, names.judgeDeadLetters(name));
      const queues = Object.entries(probeQueueUrls).map(([region, url]) => {
        return { region, client: clientOf(region), url: beside(url, names.probeDeadLetters(name)) };
      });
      const counted = await Promise.all(
        [{ region: null, client: clientOf(homeRegion), url: judge }, ...queues].map(
          async ({ region, client, url }) => {
            const messages = await messagesIn(client, url);
            return messages === null ? [] : [{ region, messages }];
          },
        ),
      );
      return counted.flat();
    },
  };
}

/** The URL of another queue of the same region and account. */
const beside = (queueUrl: string, name: string): string => queueUrl.replace(/[^/]*$/, name);

/** Those that somebody is looking at count too. */
async function messagesIn(client: SQSClient, QueueUrl: string): Promise<number | null> {
  try {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } =
      Attributes;
    return Number(visible ?? 0) + Number(hidden ?? 0);
  } catch (error) {
    console.warn(
      JSON.stringify({ message: 'dead letters not counted', queueUrl: QueueUrl, error: String(error) }),
    );
    return null;
  }
}

function delaySeconds(dueMs: number, nowMs: number): number {
  return Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.floor((dueMs - nowMs) / 1000)));
}

/** What SQS takes as a deduplication id: at most 128 letters, digits and punctuation. Anything else is hashed into one. */
function fifoId(text: string): string {
  return /^[\x21-\x7e]{1,128}$/.test(text) ? text : createHash('sha256').update(text).digest('hex');
}

/** One client a region; requests go to the region's endpoint, or to `AWS_ENDPOINT_URL_SQS`, never to the queue URL's host. */
function openClient(region: string): SQSClient {
  return new SQSClient({
    region,
    useQueueUrlAsEndpoint: false,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 5000, throwOnRequestTimeout: true },
  });
}
