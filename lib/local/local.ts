import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertFormat } from '../deployment/configuration.ts';
import { names } from '../deployment/names.ts';
import { openChildren } from './children.ts';
import { openClients } from './clients.ts';
import { openSite } from './dashboard/site.ts';
import { DataDirectoryError } from './data-directory.ts';
import type { Demo } from './demo/demo.ts';
import { type Emulators, startEmulators } from './emulators.ts';
import type { AlertEvent, Report } from './event.ts';
import { startApiServer } from './http/server.ts';
import { openInbox } from './inbox.ts';
import { DEFAULT_PORT, type LocalOptions } from './options.ts';
import { provision } from './provision.ts';
import type { World } from './resources/kind.ts';
import { watchRounds } from './rounds.ts';
import { checkPrefixes } from './run-in.ts';
import { FunctionError } from './runtime/function-error.ts';
import { startRuntimeApi } from './runtime/runtime-api.ts';
import { startSchedules } from './schedules.ts';
import { synthesize } from './synthesize.ts';
import { readAssembly } from './template/assembly.ts';
import { codeOf, messageOf, UsageError } from './usage-error.ts';
import { openWebhooks } from './webhook.ts';

/** A child that has not ended by itself after this long is killed, in ms. */
const GRACE_MS = 2000;

/** Formats that are read by people as they are; the others are JSON. */
const TEXTS: ReadonlySet<AlertFormat> = new Set(['email', 'sms']);

export interface Local {
  /** Resolves once the stack is there; its address. @throws UsageError, or what stopped it. */
  readonly ready: Promise<string>;
  /** Ends everything, also while it is still starting. */
  close(): Promise<void>;
  /** Ends every process now and leaves the rest to the end of this one. */
  kill(): void;
}

/**
 * The whole stack on this machine. It starts at once; what happens is told to `report`.
 * @param assemble writes the cloud assembly; default: synthesizes the CDK app.
 */
export function startLocal(
  options: LocalOptions,
  report: Report,
  assemble: typeof synthesize = synthesize,
): Local {
  const children = openChildren();
  const closing = new AbortController();
  const closers: (() => Promise<void>)[] = [];
  const foundations: (() => Promise<void>)[] = [];
  const trouble = (what: string, error: unknown): void => {
    if (closing.signal.aborted) return;
    const log = error instanceof FunctionError ? error.log : [];
    report({ event: 'trouble', text: `${what}: ${detailOf(error)}`, log });
  };
  const ready = start();

  async function start(): Promise<string> {
    await checkPrefixes(options.runIn, children);
    const api = await startApiServer(options.port, openSite(children, trouble), trouble);
    foundations.push(api.close);
    const runtimeApi = await listening(() => startRuntimeApi(options.listen));
    foundations.push(runtimeApi.close);
    const emulators: Emulators = await listening(() =>
      startEmulators({ address: options.listen, dataDir: options.dataDir ?? undefined }),
    );
    foundations.push(emulators.close);
    const directory = mkdtempSync(join(tmpdir(), 'parallax-'));
    const remove = (): void => rmSync(directory, { recursive: true, force: true });
    process.once('exit', remove);
    foundations.push(async () => {
      process.off('exit', remove);
      remove();
    });

    const demo = options.demo ? await demoOf(options, directory, report) : null;
    if (demo) closers.push(demo.close);
    const configured = demo?.configuration ?? options.configuration;
    const configuration = { ...configured, command: commandFor(configured.command, api.url) };

    report({ event: 'progress', text: 'synthesizing the stacks' });
    await assemble(configuration, join(directory, 'cdk.out'), children);
    report({ event: 'progress', text: 'making table, queues, topics and functions' });
    const clients = openClients(emulators);
    foundations.push(async () => clients.close());
    const world: World = {
      children,
      runtimeApi,
      dynamodbUrl: emulators.dynamodbUrl,
      awsUrl: emulators.awsUrl,
      caFile: demo?.caFile ?? null,
      compileCache: join(directory, 'compiled'),
      log: (settings, line) =>
        report({ event: 'log', function: `${settings.name} ${settings.region}`, line }),
      sqs: clients.sqs,
      sns: clients.sns,
      runIn: (region) => options.runIn.get(region) ?? [],
      functions: new Map(),
      queues: new Map(),
      topics: new Map(),
      integrations: new Map(),
      routes: [],
      schedules: [],
      closers,
      trouble,
    };
    await provision(readAssembly(join(directory, 'cdk.out')), world);

    const formatOf = new Map<string, AlertFormat>(
      configuration.formats.map((format) => [names.topic(configuration.name, format), format]),
    );
    const webhooks = openWebhooks(closing.signal, trouble);
    closers.push(webhooks.idle);
    const inbox = await openInbox(world, (topicName, envelope) => {
      const topic = formatOf.get(topicName);
      if (!topic) {
        report({ event: 'trouble', text: `${topicName}: ${envelope.Subject ?? envelope.Message}`, log: [] });
        return;
      }
      const alert: AlertEvent = {
        event: 'alert',
        at: envelope.Timestamp,
        topic,
        alert: TEXTS.has(topic) ? { text: envelope.Message } : JSON.parse(envelope.Message),
        subject: envelope.Subject ?? null,
      };
      report(alert);
      demo?.alerted(alert);
      for (const { format, url } of options.webhooks) {
        if (format === topic) webhooks.post(url, envelope);
      }
    });
    closers.push(inbox.close);
    const table = clients.table(names.table(configuration.name), configuration.homeRegion);
    closers.push(watchRounds(table, configuration.regions, report, trouble).close);
    const schedules = startSchedules(world.schedules, trouble);
    closers.push(async () => schedules.close());
    api.open(world.routes);
    schedules.fireNow();
    if (closing.signal.aborted) throw new Error('ended while starting');
    report({ event: 'ready', api: api.url });
    demo?.play(api.url).catch((error: unknown) => trouble('the demo', error));
    return api.url;
  }

  async function close(): Promise<void> {
    closing.abort();
    await Promise.all([...closers.splice(0).map((end) => end()), children.end(GRACE_MS)]);
    await ready.catch(() => {});
    // What the start had come to while the rest was ending.
    await Promise.all(closers.map((end) => end()));
    for (const end of foundations.reverse()) await end();
  }

  return { ready, close, kill: children.kill };
}

/** Commands in alerts find the API where it really is. */
function commandFor(command: string, api: string): string {
  return new URL(api).port === String(DEFAULT_PORT) ? command : `PARALLAX_API=${api} ${command}`;
}

/** Loaded only when wanted: making certificates takes a library that nothing else needs. */
async function demoOf(options: LocalOptions, directory: string, report: Report): Promise<Demo> {
  const { prepareDemo } = await import('./demo/demo.ts');
  return prepareDemo({ configuration: options.configuration, directory, report });
}

/** Whatever cannot be had is a matter of the option that asked for it: the address, unless it is the directory. */
async function listening<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (cause) {
    const where = cause instanceof DataDirectoryError ? '--data' : '--listen';
    throw new UsageError(`${where}: ${messageOf(cause)}`, { cause });
  }
}

/** The message, and that of what caused it. */
function detailOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return messageOf(error);
  // What failed at every address of a name has a code and no message.
  return `${messageOf(error)} (${cause.message || codeOf(cause)})`;
}
