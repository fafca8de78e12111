import type { Children } from '../children.ts';
import type { HttpAnswer } from '../http/event.ts';
import { messageOf } from '../usage-error.ts';
import { buildFiles, cachedFiles, type Files } from './files.ts';

/** The dashboard's own files, built when they are first asked for. */
export interface Site {
  /** The file at a path; null: there is none, so the path is somebody else's. */
  answer(method: string, path: string): HttpAnswer | null;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'building' }
  | { readonly kind: 'built'; readonly files: Files }
  | { readonly kind: 'failed'; readonly why: string };

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
};

/**
 * Nothing from elsewhere, nothing inline, in nobody's frame: names of endpoints come from outside. `connect-src` is the API, at the
 * same origin.
 */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** @param trouble is told why it could not be built. */
export function openSite(
  children: Children,
  trouble: (what: string, error: unknown) => void,
  sources: { readonly cached: typeof cachedFiles; readonly build: typeof buildFiles } = {
    cached: cachedFiles,
    build: buildFiles,
  },
): Site {
  let state: State = { kind: 'idle' };

  function begin(): State {
    const files = sources.cached();
    if (files) return { kind: 'built', files };
    sources
      .build(children)
      .then((made) => {
        state = { kind: 'built', files: made };
      })
      .catch((error: unknown) => {
        state = { kind: 'failed', why: messageOf(error) };
        trouble('the dashboard cannot be shown, run npm ci again', error);
      });
    return { kind: 'building' };
  }

  return {
    answer(method, path) {
      const name = path === '/' ? 'index.html' : path.slice(1);
      if (name !== 'index.html' && !/^assets\/[\w.-]+$/.test(name)) return null;
      if (method !== 'GET' && method !== 'HEAD') return null;
      if (state.kind === 'idle') state = begin();
      switch (state.kind) {
        case 'idle':
        case 'building':
          return page(503, BUILDING);
        case 'failed':
          return page(500, failed(state.why));
        case 'built': {
          const body = state.files.get(name);
          return body ? file(name, body) : null;
        }
      }
    },
  };
}

function file(name: string, body: Buffer): HttpAnswer {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  // Names in assets/ have a hash of their content in them.
  const cache = name === 'index.html' ? 'no-cache' : 'public, max-age=31536000, immutable';
  return {
    statusCode: 200,
    headers: { ...HEADERS, 'content-type': type, 'cache-control': cache },
    body,
  };
}

function page(statusCode: number, html: string): HttpAnswer {
  const headers = { ...HEADERS, 'content-type': TYPES.html ?? '', 'cache-control': 'no-store' };
  return { statusCode, headers: { ...headers, 'retry-after': '1' }, body: Buffer.from(html) };
}

const head = (title: string, more: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">${more}<title>${title}</title>`;

const BUILDING = `${head('Parallax', '<meta http-equiv="refresh" content="1">')}<h1>Building the dashboard…</h1><p>About two seconds, this once.</p>`;

const failed = (why: string): string =>
  `${head('Parallax', '')}<h1>The dashboard cannot be built</h1><p>Run npm ci again; the API is there all the same.</p><pre>${why.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre>`;
