import { batch, signal } from '@preact/signals';
import { all, api, messageOf } from './api.ts';
import { route } from './route.ts';
import type { Incident, Region, StatusItem } from './types.ts';

/** How the newest look at the API went. What was seen before stays in any case. */
export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly atMs: number }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly why: string };

/** Null: not read yet. */
export const statuses = signal<readonly StatusItem[] | null>(null);
/** What is open. */
export const incidents = signal<readonly Incident[] | null>(null);
export const regions = signal<readonly Region[] | null>(null);
export const link = signal<Link>({ kind: 'connecting' });
/** Raised with each look: pages read what is theirs alone again. */
export const beat = signal(0);

const INTERVAL_MS = 5000;
/** Of a page that is left open: the API may be busy for a tenth of the time at most. */
const REST = 10;
const MOST_INTERVAL_MS = 60_000;

let timer: ReturnType<typeof setTimeout> | undefined;
let looking: Promise<void> | null = null;
let failures = 0;

/** Looks again and again while the page is to be seen. */
export function startLooking(): void {
  document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : void look()));
  window.addEventListener('online', () => void look());
  void look();
}

/** Looks now; a look that is under way is waited for. */
export function look(): Promise<void> {
  clearTimeout(timer);
  looking ??= once().finally(() => {
    looking = null;
  });
  return looking;
}

async function once(): Promise<void> {
  const begun = performance.now();
  try {
    const [open, heard, listed] = await Promise.all([
      all((next) => api.GET('/incidents', { params: { query: { limit: 500, ...(next ? { next } : {}) } } })),
      all(() => api.GET('/regions')),
      // The expensive one, for the pages that show all of them.
      isOfAll()
        ? all((next) => api.GET('/status', { params: { query: { limit: 200, ...(next ? { next } : {}) } } }))
        : null,
    ]);
    failures = 0;
    batch(() => {
      incidents.value = open;
      regions.value = heard;
      if (listed) statuses.value = listed;
      link.value = { kind: 'live', atMs: Date.now() };
      beat.value += 1;
    });
  } catch (error) {
    failures += 1;
    const before = link.value;
    link.value = {
      kind: 'lost',
      sinceMs: before.kind === 'lost' ? before.sinceMs : Date.now(),
      why: messageOf(error),
    };
  }
  if (document.hidden) return;
  const wanted =
    failures > 0 ? 1000 * 2 ** failures : Math.max(INTERVAL_MS, REST * (performance.now() - begun));
  timer = setTimeout(() => void look(), Math.min(MOST_INTERVAL_MS, wanted));
}

function isOfAll(): boolean {
  const { page } = route.value;
  return page === 'matrix' || page === 'regions';
}
