import type { Allowance, PriceId } from './prices.ts';

/** The lines of a bill, in their order. The last is the way to the internet, which is what is watched and not the watching. */
export const LINES = {
  probe: { title: 'Lambda, time of the probers', unit: 'GB-s', free: 'lambdaGbSeconds' },
  others: { title: 'Lambda, time of the others', unit: 'GB-s', free: 'lambdaGbSeconds' },
  requests: { title: 'Lambda, requests', unit: 'requests', free: 'lambdaRequests' },
  writes: { title: 'DynamoDB, writes', unit: 'write units', free: null },
  reads: { title: 'DynamoDB, reads', unit: 'read units', free: null },
  storage: { title: 'DynamoDB, storage', unit: 'GB-months', free: 'storageGb' },
  recovery: { title: 'DynamoDB, point-in-time recovery', unit: 'GB-months', free: null },
  polling: { title: 'SQS, Lambda asking empty queues', unit: 'requests', free: 'queueRequests' },
  messages: { title: 'SQS, messages', unit: 'requests', free: 'queueRequests' },
  schedules: { title: 'EventBridge Scheduler', unit: 'invocations', free: 'schedules' },
  publishes: { title: 'SNS, alerts', unit: 'publishes', free: 'publishes' },
  mails: { title: 'SNS, e-mail to one address', unit: 'e-mails', free: 'mails' },
  transfer: { title: 'between regions', unit: 'GB', free: null },
  logs: { title: 'CloudWatch, logs', unit: 'GB', free: 'logGb' },
  alarms: { title: 'CloudWatch, alarms', unit: 'alarms', free: 'alarms' },
  egress: { title: 'to the internet (handshakes)', unit: 'GB', free: 'internetGb' },
} as const satisfies Readonly<
  Record<string, { readonly title: string; readonly unit: string; readonly free: Allowance | null }>
>;

export type LineId = keyof typeof LINES;

/** So much of something, in one region, in a month. */
export interface Usage {
  readonly line: LineId;
  readonly price: PriceId;
  readonly region: string;
  readonly quantity: number;
}
