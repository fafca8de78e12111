import { LINES, type LineId, type Usage } from './line.ts';
import { cohortsOf, failingOf, MINUTES_A_MONTH, type Plan, sum } from './plan.ts';
import { ALLOWANCES, type Allowance, OTHERS, priceOf } from './prices.ts';
import { usageOf } from './usage.ts';

export interface BillLine {
  readonly item: LineId;
  readonly title: string;
  readonly quantity: number;
  readonly unit: string;
  readonly listUsd: number;
  /** Without what AWS gives to every account each month. */
  readonly netUsd: number;
}

/** A sum of money, a month. */
export interface Sum {
  readonly listUsd: number;
  readonly netUsd: number;
}

export interface Other {
  readonly what: string;
  readonly listUsd: number;
  readonly source: string;
  readonly note: string | null;
}

/** A month's bill. `watching` is all lines but `egress`; what handshakes send to the internet is a line of its own. */
export interface Bill {
  readonly plan: Plan;
  readonly failingEndpoints: number;
  readonly lines: readonly BillLine[];
  readonly watching: Sum;
  readonly egress: Sum;
  readonly total: Sum;
  /** The same of one endpoint in one region. */
  readonly perEndpointRegion: { readonly watching: Sum; readonly egress: Sum; readonly total: Sum };
  readonly others: readonly Other[];
  /** Prices that are taken from us-east-1, since a region's own are not known. */
  readonly assumed: readonly { readonly region: string; readonly prices: readonly string[] }[];
  readonly sources: readonly string[];
}

/** The bill for a plan: quantities that were counted, at dated prices. Pure. */
export function billOf(plan: Plan): Bill {
  const usages = usageOf(plan).map((usage) => ({
    ...usage,
    ...priceOf(usage.price, usage.region),
    id: usage.price,
  }));
  const pools = new Map<Allowance, number>();
  for (const { line, quantity } of usages) {
    const { free } = LINES[line];
    if (free !== null) pools.set(free, (pools.get(free) ?? 0) + quantity);
  }
  const lines = (Object.keys(LINES) as LineId[]).map((item): BillLine => {
    const { title, unit, free } = LINES[item];
    const of = usages.filter(({ line }) => line === item);
    const listUsd = sum(of, ({ quantity, usd }) => quantity * usd);
    // An allowance is one for all lines and regions: each has its share of it.
    const pool = free === null ? 0 : (pools.get(free) ?? 0);
    const paid = free === null ? 1 : Math.max(0, 1 - ALLOWANCES[free] / Math.max(pool, 1e-9));
    return { item, title, unit, quantity: sum(of, quantityOf), listUsd, netUsd: listUsd * paid };
  });
  const watching = sumOf(lines.filter(({ item }) => item !== 'egress'));
  const egress = sumOf(lines.filter(({ item }) => item === 'egress'));
  const total = sumOf([watching, egress]);
  const share = 1 / (plan.endpoints * plan.regions.length);
  const assumed = Map.groupBy(
    usages.filter((usage) => usage.assumed),
    ({ region }) => region,
  );
  return {
    plan,
    failingEndpoints: failingOf(cohortsOf(plan)),
    lines,
    watching,
    egress,
    total,
    perEndpointRegion: {
      watching: times(watching, share),
      egress: times(egress, share),
      total: times(total, share),
    },
    others: othersOf(plan),
    assumed: [...assumed].map(([region, of]) => ({ region, prices: [...new Set(of.map(({ id }) => id))] })),
    sources: [...new Set(usages.map(({ source }) => source))],
  };
}

const quantityOf = ({ quantity }: Usage): number => quantity;

const sumOf = (of: readonly Sum[]): Sum => ({
  listUsd: sum(of, ({ listUsd }) => listUsd),
  netUsd: sum(of, ({ netUsd }) => netUsd),
});

const times = ({ listUsd, netUsd }: Sum, factor: number): Sum => ({
  listUsd: listUsd * factor,
  netUsd: netUsd * factor,
});

function othersOf({ endpoints, regions, handshake, intervalSeconds }: Plan): readonly Other[] {
  const { route53, synthetics } = OTHERS;
  const options = (handshake === 'tcp' ? 0 : 1) + (intervalSeconds < 30 ? 1 : 0);
  const seconds = Math.max(60, intervalSeconds);
  const runs = (MINUTES_A_MONTH * 60) / seconds;
  const canaries = endpoints * regions.length * runs * synthetics.runUsd;
  const atLeast = intervalSeconds < 60 ? 'every 60 s, its shortest' : null;
  return [
    {
      what: 'Route 53 health checks',
      listUsd: endpoints * (route53.checkUsd + options * route53.optionUsd),
      source: route53.source,
      note: 'every 10 or 30 s from regions of its own: one answer for all, a certificate is not looked at',
    },
    {
      what: `CloudWatch Synthetics, ${synthetics.checksInOne} endpoints a canary`,
      listUsd: (Math.ceil(endpoints / synthetics.checksInOne) / endpoints) * canaries,
      source: synthetics.source,
      note: atLeast,
    },
    {
      what: 'CloudWatch Synthetics, a canary each',
      listUsd: canaries,
      source: synthetics.source,
      note: atLeast,
    },
  ];
}
