import { UsageError } from '../local/usage-error.ts';
import { allOf, bodyOf, connect, type Schemas } from './api-client.ts';
import { ApiRefusal } from './api-refusal.ts';
import { colors } from './colors.ts';
import { patchIn, settingsIn, targetIn, targetOf, type WrittenSettings } from './endpoint-flags.ts';
import { noneLike, ofEndpoint } from './known.ts';
import type { WrittenApi } from './options.ts';
import { print } from './print.ts';
import { waiting } from './progress.ts';
import { drawTable } from './table.ts';
import { SETTINGS, worded } from './wording.ts';

type Endpoint = Schemas['Endpoint'];

/** Prints all endpoints, or those with a tag or of a team. Exit code 0. */
export async function runEndpoints(
  options: WrittenApi & { readonly tag?: string; readonly team?: string },
): Promise<number> {
  const { tag, team } = options;
  const api = connect(options);
  const items = await waiting(
    'endpoints',
    allOf((next) => api.GET('/endpoints', { params: { query: { limit: 500, next, tag, team } } })),
  );
  const none = (items.length === 0 ? await noneLike(api, { tag, team }) : null) ?? 'no endpoints';
  print(options, { items, next: null }, (columns) => endpointsTable(items, columns, none));
  return 0;
}

/** Prints what is said of an endpoint. Exit code 0. */
export async function runShow(id: string, options: WrittenApi): Promise<number> {
  const api = connect(options);
  const params = { path: { id } };
  const endpoint = await ofEndpoint(api, id, () => bodyOf(api.GET('/endpoints/{id}', { params })));
  print(options, endpoint, () => endpointLines(endpoint));
  return 0;
}

/** Registers an endpoint that there is not yet. Exit code 0. @throws UsageError */
export async function runAdd(
  id: string,
  target: string,
  options: WrittenApi & WrittenSettings & { readonly handshake: Endpoint['handshake'] },
): Promise<number> {
  const { handshake } = options;
  const body = { ...targetIn(target), ...settingsIn(options), handshake };
  const params = { path: { id }, header: { 'If-None-Match': '*' } };
  const adding = worded(SETTINGS, bodyOf(connect(options).PUT('/endpoints/{id}', { params, body })));
  const endpoint = await waiting(`adding ${id}`, adding).catch((error: unknown) => {
    if (!(error instanceof ApiRefusal) || error.status !== 412) throw error;
    throw new ApiRefusal(`there is an endpoint ${id} already: change it with parallax endpoints set ${id}`, {
      status: 412,
      cause: error,
    });
  });
  print(options, endpoint, () => `${summary(endpoint)}; see parallax status ${id}`);
  return 0;
}

/** Changes what is said of an endpoint; what is not said stays. Exit code 0. @throws UsageError */
export async function runSet(
  id: string,
  options: WrittenApi & WrittenSettings & { readonly target?: string },
): Promise<number> {
  const target = options.target === undefined ? {} : targetIn(options.target);
  const body = { ...target, ...patchIn(options) };
  if (Object.keys(body).length === 0) {
    throw new UsageError(`endpoints set ${id}: say what is to be changed, see --help`);
  }
  const api = connect(options);
  const params = { path: { id } };
  const changing = ofEndpoint(api, id, () => bodyOf(api.PATCH('/endpoints/{id}', { params, body })));
  const endpoint = await waiting(`changing ${id}`, worded(SETTINGS, changing));
  print(options, endpoint, () => summary(endpoint));
  return 0;
}

/** Stops watching an endpoint. Exit code 0. */
export async function runRemove(id: string, options: WrittenApi): Promise<number> {
  const api = connect(options);
  const params = { path: { id } };
  const removing = ofEndpoint(api, id, () => bodyOf(api.DELETE('/endpoints/{id}', { params })));
  const deletion = await waiting(`removing ${id}`, removing);
  print(options, deletion, () => `${id}: no longer watched; what is open of it is resolved within seconds`);
  return 0;
}

function summary(endpoint: Endpoint): string {
  const { id, handshake, regions, intervalSeconds, enabled } = endpoint;
  const what = `${id}: ${targetOf(endpoint)} (${handshake})`;
  if (!enabled) return `${what} is kept, and not watched`;
  return `${what} is watched from ${regions === 'all' ? 'all regions' : regions.join(', ')}, every ${intervalSeconds} s`;
}

function endpointsTable(items: readonly Endpoint[], columns: number, none: string): string {
  if (items.length === 0) return colors.dim(none);
  const head = ['endpoint', 'target', 'handshake', 'every', 'alert after', 'regions', 'team', 'tags'];
  const rows = items.map((one) => [
    colors.bold(one.id) + (one.name === one.id ? '' : `\n${colors.dim(one.name)}`),
    targetOf(one),
    one.enabled ? one.handshake : colors.dim('disabled'),
    `${one.intervalSeconds} s`,
    `${one.alertAfterSeconds} s`,
    one.regions === 'all' ? 'all' : one.regions.join('\n'),
    one.team ?? colors.dim('–'),
    one.tags.join('\n'),
  ]);
  return drawTable(head, rows, columns);
}

/** One field a line, as the API calls it. */
function endpointLines(endpoint: Endpoint): string {
  const entries = Object.entries(endpoint);
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${colors.dim(name.padEnd(width))}  ${fieldText(value)}`).join('\n');
}

const fieldText = (value: unknown): string => {
  if (Array.isArray(value)) return value.join(', ') || '–';
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
};
