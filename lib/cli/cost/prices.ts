/**
 * What AWS charges, in US dollars at list price, and where each figure is from. No figure is guessed: what is not known for a region is
 * `us-east-1`'s, and whoever asks is told which ones were taken from there.
 */

const SOURCES = {
  golden:
    'infracost, internal/providers/terraform/aws/testdata/*.golden, as of 2026-08-21 (made of the AWS Price List in 2024; DynamoDB 2024-11-15)',
  artillery: 'artillery, lib/platform/aws-lambda/prices.js, as of 2026-08 (names the regions that differ)',
  list: 'AWS Price List, https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/OFFER/current/REGION/index.json, published 2025-08-28 (SQS), 2026-05-29 (EventBridge), 2026-08-06 (CloudWatch), 2026-08-15 (DynamoDB); read in a transcription of 2026-08-16',
  tokyo: 'AWS Price List, DynamoDB, Asia Pacific (Tokyo); read in a transcription of 2026-09',
  ohio: 'AWS Price List, DynamoDB, US East (Ohio), in force since 2026-08-01; read in a transcription of 2026-09-29',
} as const;

type Source = keyof typeof SOURCES;

interface Item {
  /** What one price is for. */
  readonly unit: string;
  /** In us-east-1. */
  readonly usd: number;
  readonly source: Source;
  /** True: the same wherever it is sold, as the source says. Default: known where `regions` says. */
  readonly everywhere?: boolean;
  readonly regions?: Readonly<Record<string, readonly [usd: number, source: Source]>>;
}

const ITEMS = {
  lambdaGbSecond: {
    unit: 'GB-s, arm64, the first 7.5 billion a month',
    usd: 0.0000133334,
    source: 'golden',
    everywhere: true,
    regions: {
      'af-south-1': [0.00001768, 'artillery'],
      'ap-east-1': [0.0000183, 'artillery'],
      'eu-south-1': [0.0000156138, 'artillery'],
      'me-south-1': [0.0000165334, 'artillery'],
    },
  },
  lambdaRequest: { unit: 'request', usd: 0.2e-6, source: 'golden', everywhere: true },
  writeUnit: {
    unit: 'write request unit, on demand',
    usd: 0.625e-6,
    source: 'golden',
    regions: {
      'us-east-2': [0.625e-6, 'ohio'],
      'eu-west-1': [0.705e-6, 'list'],
      'eu-central-1': [0.7625e-6, 'list'],
      'ap-northeast-1': [0.715e-6, 'tokyo'],
    },
  },
  readUnit: {
    unit: 'read request unit, on demand',
    usd: 0.125e-6,
    source: 'golden',
    regions: {
      'us-east-2': [0.125e-6, 'ohio'],
      'eu-west-1': [0.1415e-6, 'list'],
      'eu-central-1': [0.1525e-6, 'list'],
      'ap-northeast-1': [0.1425e-6, 'tokyo'],
    },
  },
  storageGb: {
    unit: 'GB-month',
    usd: 0.25,
    source: 'golden',
    regions: {
      'us-east-2': [0.25, 'ohio'],
      'eu-west-1': [0.283, 'list'],
      'eu-central-1': [0.306, 'list'],
      'ap-northeast-1': [0.285, 'tokyo'],
    },
  },
  recoveryGb: {
    unit: 'GB-month of point-in-time recovery',
    usd: 0.2,
    source: 'golden',
    regions: { 'eu-west-1': [0.22, 'list'], 'eu-central-1': [0.2448, 'list'] },
  },
  queueRequest: {
    unit: 'request of a standard queue, of 64 kB at most',
    usd: 0.4e-6,
    source: 'golden',
    regions: { 'eu-west-1': [0.4e-6, 'list'], 'eu-central-1': [0.4e-6, 'list'] },
  },
  fifoRequest: {
    unit: 'request of a FIFO queue, of 64 kB at most',
    usd: 0.5e-6,
    source: 'golden',
    regions: { 'eu-west-1': [0.5e-6, 'list'], 'eu-central-1': [0.5e-6, 'list'] },
  },
  schedule: {
    unit: 'invocation by EventBridge Scheduler',
    usd: 1e-6,
    source: 'list',
    regions: { 'eu-west-1': [1e-6, 'list'], 'eu-central-1': [1.15e-6, 'list'] },
  },
  publish: { unit: 'publish to a topic, of 64 kB at most', usd: 0.5e-6, source: 'golden' },
  mail: { unit: 'e-mail', usd: 2e-5, source: 'golden' },
  logGb: {
    unit: 'GB of log taken in',
    usd: 0.5,
    source: 'golden',
    regions: { 'eu-west-1': [0.57, 'list'], 'eu-central-1': [0.63, 'list'] },
  },
  alarm: {
    unit: 'alarm, a month',
    usd: 0.1,
    source: 'golden',
    regions: { 'eu-west-1': [0.1, 'list'], 'eu-central-1': [0.1, 'list'] },
  },
} as const satisfies Readonly<Record<string, Item>>;

/** A region's way out: to other regions, and to the internet (the first 10 TB), a GB. All from `data_transfer_test.golden`. */
const WAYS_OUT: Readonly<Record<string, readonly [transfer: number, internet: number]>> = {
  'us-east-1': [0.02, 0.09],
  'us-east-2': [0.02, 0.09],
  'us-west-1': [0.02, 0.09],
  'us-west-2': [0.02, 0.09],
  'ca-central-1': [0.02, 0.09],
  'ca-west-1': [0.02, 0.09],
  'eu-central-1': [0.02, 0.09],
  'eu-north-1': [0.02, 0.09],
  'eu-south-1': [0.02, 0.09],
  'eu-west-1': [0.02, 0.09],
  'eu-west-2': [0.02, 0.09],
  'eu-west-3': [0.02, 0.09],
  'af-south-1': [0.147, 0.154],
  'ap-east-1': [0.09, 0.12],
  'ap-northeast-1': [0.09, 0.114],
  'ap-northeast-2': [0.08, 0.126],
  'ap-northeast-3': [0.09, 0.114],
  'ap-south-1': [0.086, 0.1093],
  'ap-south-2': [0.086, 0.1093],
  'ap-southeast-1': [0.09, 0.12],
  'ap-southeast-2': [0.098, 0.114],
  'il-central-1': [0.08, 0.11],
  'me-south-1': [0.1105, 0.117],
  'sa-east-1': [0.138, 0.15],
};

/** Where what is not known for a region is taken from. */
export const ASSUMED_REGION = 'us-east-1';

export type PriceId = keyof typeof ITEMS | 'transferGb' | 'internetGb';

export interface Price {
  readonly usd: number;
  readonly unit: string;
  readonly source: string;
  /** True: it is us-east-1's, because the region's own is not known here. */
  readonly assumed: boolean;
}

/** Regions whose ways out are known: others cannot be priced. */
export const PRICED_REGIONS: readonly string[] = Object.keys(WAYS_OUT).sort();

/** The price of one unit in a region, in US dollars. @throws for a region that is not among PRICED_REGIONS. */
export function priceOf(id: PriceId, region: string): Price {
  const ways = WAYS_OUT[region];
  if (ways === undefined) throw new Error(`no prices of ${region}`, { cause: { region } });
  const out = { source: SOURCES.golden, assumed: false };
  if (id === 'transferGb') return { ...out, usd: ways[0], unit: 'GB to another region' };
  if (id === 'internetGb') return { ...out, usd: ways[1], unit: 'GB to the internet, the first 10 TB' };
  const item: Item = ITEMS[id];
  const own = item.regions?.[region];
  if (own) return { usd: own[0], unit: item.unit, source: SOURCES[own[1]], assumed: false };
  const assumed = region !== ASSUMED_REGION && item.everywhere !== true;
  return { usd: item.usd, unit: item.unit, source: SOURCES[item.source], assumed };
}

/**
 * What AWS takes off every account's bill each month, for all regions together, without an end. "Always free" on the pricing pages of each service;
 * of DynamoDB only storage counts here, as units are free for provisioned tables only.
 */
export const ALLOWANCES = {
  lambdaGbSeconds: 400_000,
  lambdaRequests: 1_000_000,
  storageGb: 25,
  queueRequests: 1_000_000,
  schedules: 14_000_000,
  publishes: 1_000_000,
  mails: 1_000,
  logGb: 5,
  alarms: 10,
  internetGb: 100,
} as const;
export type Allowance = keyof typeof ALLOWANCES;

/** What others ask for the same, us-east-1. */
export const OTHERS = {
  /** Of an endpoint outside of AWS, a month, from all regions that it chooses itself; an option is HTTPS, or every 10 s and not 30. */
  route53: {
    checkUsd: 0.75,
    optionUsd: 2,
    source: 'infracost, route53_health_check_test.golden, 2024-07-01',
  },
  /** A run, in one region, every minute at most; what it stores, logs and its function come on top. */
  synthetics: {
    runUsd: 0.0012,
    checksInOne: 10,
    source: 'thomasstep.com and blog.mattsbit.co.uk (2023-11-11), not AWS’s own page',
  },
} as const;
