import type * as z from 'zod/mini';
import { ALERT_FORMATS, configurationSchema } from './configuration-schema.ts';

export { ALERT_FORMATS };
export type AlertFormat = (typeof ALERT_FORMATS)[number];

/** What a deployment is: written by its owner in cdk.json (context `parallax`) or by `parallax local`, validated once. */
export interface Configuration {
  /** Prefix of every name in the account, and how alerts sign. */
  readonly name: string;
  /** Twelve digits; undefined: whatever account the CDK deploys to. */
  readonly account: string | undefined;
  readonly homeRegion: string;
  /** Regions that probe, in the order that sets when each knocks. The home region may be among them or not. */
  readonly regions: readonly string[];
  /** Alert formats to have a topic each. */
  readonly formats: readonly AlertFormat[];
  readonly controls: readonly string[];
  /** Region to `ADDRESS:PORT` of the resolver it asks; a region not named asks the system's. */
  readonly resolvers: Readonly<Record<string, string>>;
  readonly allowPrivateAddresses: boolean;
  readonly ipv6: boolean;
  readonly sourceAddressUrl: string | null;
  readonly roundDays: number;
  /** See Environment. */
  readonly remindEveryMinutes: number;
  /** What is typed in a shell before a command of Parallax; alerts show it. */
  readonly command: string;
  /** See Environment. */
  readonly heartbeatUrl: string | null;
  /** So many functions at a time that the account allows in a region; null: plenty, and the queues are delivered without a limit. */
  readonly lambdaConcurrency: number | null;
  /** Processor of the functions; `x64` is for running the stack on such a machine. */
  readonly architecture: 'arm64' | 'x64';
  /** True for the stack on one machine: region names are free there. */
  readonly local: boolean;
}

/** What a deployment on AWS is where its owner says nothing. */
export const defaultConfiguration: Configuration = {
  name: 'parallax',
  account: undefined,
  homeRegion: 'eu-west-1',
  regions: ['eu-west-1', 'us-east-1', 'ap-southeast-2'],
  formats: ['json', 'email'],
  // Anycast addresses of three operators, so that no single one can call a region sick, and one name for the resolver.
  controls: ['1.1.1.1:443', '8.8.8.8:443', '9.9.9.9:443', 'dns.google:443'],
  resolvers: {},
  allowPrivateAddresses: false,
  // Lambda has no IPv6 outside a dual-stack VPC, and every try would end as `local_error`.
  ipv6: false,
  sourceAddressUrl: 'https://checkip.amazonaws.com',
  roundDays: 14,
  remindEveryMinutes: 60,
  // Not npx: outside of a checkout that offers a package of somebody else's.
  command: 'npm run parallax --',
  heartbeatUrl: null,
  lambdaConcurrency: null,
  architecture: 'arm64',
  local: false,
};

/** The same three operators over IPv6: beside the others where the probers have it. Fewer, so that IPv6 alone condemns no region. */
const IPV6_CONTROLS = [
  '[2606:4700:4700::1111]:443',
  '[2001:4860:4860::8888]:443',
  '[2620:fe::fe]:443',
] as const;

/** On one machine: nothing outside it is asked, and its own addresses are what there is to try. */
const localDefaults: Configuration = {
  ...defaultConfiguration,
  account: '000000000000',
  controls: [],
  allowPrivateAddresses: true,
  ipv6: true,
  sourceAddressUrl: null,
  architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
  local: true,
};

/** One line a bad field: where, what, and what to write instead. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.map((problem) => `configuration ${problem}`).join('\n'), { cause: { problems } });
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

/**
 * Validates what an owner wrote and fills in the defaults. `homeRegion` defaults to the first of `regions`.
 *
 * @throws ConfigurationError naming every bad field and its remedy.
 */
export function parseConfiguration(input: unknown): Configuration {
  const written = input ?? {};
  const local = typeof written === 'object' && 'local' in written && written.local === true;
  const parsed = configurationSchema(local).safeParse(written);
  if (!parsed.success) throw new ConfigurationError(parsed.error.issues.map(problemOf));
  const { data } = parsed;
  const defaults = local ? localDefaults : defaultConfiguration;
  const given = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  const homeRegion = data.homeRegion ?? data.regions?.[0] ?? defaults.homeRegion;
  const ipv6Controls = data.ipv6 === true && !local ? IPV6_CONTROLS : [];
  const controls = data.controls ?? [...defaults.controls, ...ipv6Controls];
  const configuration: Configuration = { ...defaults, ...given, homeRegion, controls };
  const problems = contradictionsIn(configuration);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return configuration;
}

/** What is wrong although every field is right by itself. */
function contradictionsIn({
  homeRegion,
  regions,
  resolvers,
  controls,
  ipv6,
  local,
}: Configuration): string[] {
  const strangers = Object.keys(resolvers).filter((region) => !regions.includes(region));
  const problems = strangers.map(
    (region) => `resolvers: "${region}" is not among the regions; add it there or remove it here`,
  );
  for (const control of ipv6 ? [] : controls.filter((one) => one.startsWith('['))) {
    problems.push(
      `controls: "${control}" is an IPv6 address and "ipv6" is false, so it would always fail; remove it, or set "ipv6": true`,
    );
  }
  const partition = partitionOf(homeRegion);
  if (!local) {
    for (const region of regions.filter((other) => partitionOf(other) !== partition)) {
      problems.push(
        `regions: "${region}" is not in the partition of "${homeRegion}" (${partition}); remove it`,
      );
    }
  }
  return problems;
}

/** Accounts and roles do not cross partitions: the prefix of a region's name says which it is in. */
function partitionOf(region: string): string {
  return /^(?:cn|us-gov|us-isob?|eu-isoe|eusc)-/.exec(region)?.[0].slice(0, -1) ?? 'aws';
}

function problemOf(issue: z.core.$ZodIssue): string {
  const where = issue.path.reduce<string>(
    (path, key) =>
      typeof key === 'number' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${String(key)}`,
    '',
  );
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(defaultConfiguration).join(', ');
    return `${issue.keys.map((key) => `"${key}"`).join(', ')}: no such field; known are ${known}`;
  }
  if (where === '') return 'is not an object; write {"regions": ["eu-west-1", …]} or nothing';
  return `${where}: ${issue.message}`;
}
