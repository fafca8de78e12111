import { DEFAULT_PORT } from '../local/options.ts';

/** What only the API knows of the words that may come next. */
export type Wanted = 'endpoints' | 'tags' | 'teams' | 'regions';

export interface Suggestion {
  readonly value: string;
  readonly description: string;
}

/** Whoever presses the tabulator waits no longer, unless PARALLAX_COMPLETION_MS says so; what has not come by then is left out. */
const WITHIN_MS = 500;
const withinMs = (): number => Number(process.env.PARALLAX_COMPLETION_MS) || WITHIN_MS;

/** Options whose value the API knows, in every command that asks it. */
const BY_OPTION: Readonly<Record<string, Wanted>> = {
  '--endpoint': 'endpoints',
  '--endpoints': 'endpoints',
  '--region': 'regions',
  '--regions': 'regions',
  '--tag': 'tags',
  '--tags': 'tags',
  '--team': 'teams',
};

/** Commands whose argument is the id of an endpoint. */
const BY_ID: readonly string[] = [
  'status',
  'ack',
  'mute',
  'observations',
  'endpoints show',
  'endpoints set',
  'endpoints remove',
];

/** These ask no API, so nothing that one says is an answer. */
const ELSEWHERE: readonly string[] = ['local', 'cost'];

/** What is asked of the API for the last of the words on a command line; null: nothing. */
export function wantedBy(words: readonly string[]): Wanted | null {
  const [command = '', next = ''] = words;
  const [before = '', last = ''] = words.slice(-2);
  if (words.length < 2 || ELSEWHERE.includes(command)) return null;
  const option = BY_OPTION[before];
  if (option !== undefined) return option;
  if (last.startsWith('-')) return null;
  const takesId =
    BY_ID.includes(command) ||
    (words.length > 2 && BY_ID.includes(`${command} ${next}`)) ||
    (command === 'check' && words.includes('--everywhere'));
  return takesId ? 'endpoints' : null;
}

/** What the API that the words name knows, with what of a list `a,b,` stands already before it; nothing where it cannot be asked in time. */
export async function suggestions(
  wanted: Wanted,
  words: readonly string[],
): Promise<{ readonly found: readonly Suggestion[]; readonly inTime: boolean }> {
  // What this process needs to ask at all is not the API's time.
  const client = await import('./api-client.ts');
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const signal = AbortSignal.timeout(withinMs());
  signal.addEventListener('abort', () => resolve(null), { once: true });
  // Credentials may be looked for much longer, and cannot be called off.
  const all = await Promise.race([asked(client, wanted, words, signal).catch(() => []), late]);
  const list = (words.at(-1) ?? '').replace(/[^,]*$/, '');
  return {
    found: (all ?? []).map(({ value, description }) => ({ value: `${list}${value}`, description })),
    inTime: all !== null,
  };
}

async function asked(
  { bodyOf, connect }: typeof import('./api-client.ts'),
  wanted: Wanted,
  words: readonly string[],
  signal: AbortSignal,
): Promise<readonly Suggestion[]> {
  const said = words[words.indexOf('--api') + 1];
  const byDefault = process.env.PARALLAX_API ?? `http://127.0.0.1:${DEFAULT_PORT}`;
  const url = words.includes('--api') && said !== undefined ? said : byDefault;
  const api = connect({ api: url, sign: words.includes('--sign') });
  if (wanted === 'regions') {
    const { items } = await bodyOf(api.GET('/regions', { signal }));
    return items.map(({ region }) => ({ value: region, description: '' }));
  }
  const query = { limit: 500 };
  const { items } = await bodyOf(api.GET('/endpoints', { params: { query }, signal }));
  switch (wanted) {
    case 'endpoints':
      return items.map(({ id, host, port }) => ({ value: id, description: `${host}:${port}` }));
    case 'tags':
      return distinct(items.flatMap(({ tags }) => tags));
    case 'teams':
      return distinct(items.flatMap(({ team }) => team ?? []));
  }
}

const distinct = (words: readonly string[]): readonly Suggestion[] =>
  [...new Set(words)].sort().map((value) => ({ value, description: '' }));
