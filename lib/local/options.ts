import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type AlertFormat,
  type Configuration,
  ConfigurationError,
  parseConfiguration,
} from '../deployment/configuration.ts';
import { messageOf, UsageError } from './usage-error.ts';
import { splitWords } from './words.ts';

/** Where the command line looks for the API when nobody says otherwise. */
export const DEFAULT_PORT = 7400;

/** The options of `parallax local` as they stand on the command line. */
export interface WrittenOptions {
  readonly regions: string;
  readonly home?: string;
  readonly port: string;
  readonly data?: string;
  readonly demo: boolean;
  readonly runIn: readonly string[];
  readonly listen: string;
  readonly resolver: readonly string[];
  readonly control: readonly string[];
  readonly webhook: readonly string[];
  readonly formats: string;
  readonly remind?: string;
}

export interface Webhook {
  readonly format: AlertFormat;
  readonly url: string;
}

/** The same, understood. */
export interface LocalOptions {
  readonly configuration: Configuration;
  /** Of the HTTP API on 127.0.0.1; 0: any. */
  readonly port: number;
  /** Where the emulators and the Runtime API listen. */
  readonly listen: string;
  readonly dataDir: string | null;
  readonly demo: boolean;
  /** Region to the words before the command of its function processes. */
  readonly runIn: ReadonlyMap<string, readonly string[]>;
  readonly webhooks: readonly Webhook[];
}

/** @throws UsageError of one line that names the option and the remedy. */
export function parseLocalOptions(written: WrittenOptions): LocalOptions {
  const regions = commaList(written.regions);
  const configuration = configured({
    local: true,
    name: 'local',
    regions,
    ...(written.home === undefined ? {} : { homeRegion: written.home }),
    formats: commaList(written.formats),
    ...(written.remind === undefined
      ? {}
      : { remindEveryMinutes: /^\d+$/.test(written.remind) ? Number(written.remind) : written.remind }),
    controls: written.control,
    resolvers: Object.fromEntries(written.resolver.map((text) => assignment('--resolver', text, regions))),
  });
  if (written.home !== undefined && !regions.includes(written.home)) {
    throw new UsageError(`--home ${written.home}: not one of --regions ${regions.join(',')}`);
  }
  const runIn = new Map(
    written.runIn.map((text): [string, readonly string[]] => {
      const [region, command] = assignment('--run-in', text, regions);
      return [region, splitWords(command)];
    }),
  );
  const { formats } = configuration;
  const demo = written.demo && runIn.size === 0 && regions.length > 1;
  if (demo && !formats.includes('json')) {
    throw new UsageError(
      `--formats ${formats.join(',')}: the demo reads its alerts as json; add that, or --no-demo`,
    );
  }
  return {
    configuration,
    port: portOf(written.port),
    listen: written.listen,
    dataDir: written.data === undefined ? null : writable(resolve(written.data)),
    demo,
    runIn,
    webhooks: written.webhook.map((text) => webhookOf(text, formats)),
  };
}

const commaList = (text: string): string[] => text.split(',').map((item) => item.trim());

/** The option that sets each field of the configuration. */
const OPTION_OF: Readonly<Record<string, string>> = {
  regions: '--regions',
  homeRegion: '--home',
  formats: '--formats',
  controls: '--control',
  resolvers: '--resolver',
  remindEveryMinutes: '--remind',
};

function configured(input: unknown): Configuration {
  try {
    return parseConfiguration(input);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [problem = error.message] = error.problems;
    const [, field = '', rest] = /^([a-zA-Z]+)[^:]*:\s*(.*)$/s.exec(problem) ?? [];
    throw new UsageError(rest ? `${OPTION_OF[field] ?? field}: ${rest}` : problem, { cause: error });
  }
}

function assignment(option: string, text: string, regions: readonly string[]): [string, string] {
  const [, region = '', value = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!value) throw new UsageError(`${option} ${text}: write REGION=…, such as ${regions[0]}=…`);
  if (!regions.includes(region)) {
    throw new UsageError(`${option} ${text}: "${region}" is not one of --regions ${regions.join(',')}`);
  }
  return [region, value];
}

export function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new UsageError(`--port ${text}: write a number from 0 (any free port) to 65535`);
  return port;
}

function webhookOf(text: string, formats: readonly AlertFormat[]): Webhook {
  const [, format = 'json', url = text] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  const known = formats.find((candidate) => candidate === format);
  if (!known)
    throw new UsageError(`--webhook ${text}: "${format}" is not one of --formats ${formats.join(',')}`);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`--webhook ${text}: write an http or https URL`);
  }
  return { format: known, url };
}

function writable(directory: string): string {
  try {
    // Not with `recursive`: Node does not return from that where the file system refuses with ENOENT, as /proc does.
    if (!existsSync(directory)) mkdirSync(directory);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new UsageError(
      `--data ${directory}: cannot be written (${messageOf(cause)}); name another directory`,
      {
        cause,
      },
    );
  }
  return directory;
}
