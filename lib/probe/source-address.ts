import { canonicalAddress } from '../endpoint/address.ts';
import { now } from './clock.ts';

const REMEMBER_MS = 10 * 60_000;
/** After a failure, so that a place that does not answer costs no invocation two seconds. */
const RETRY_MS = 60_000;
const PATIENCE_MS = 2000;
/** An address and a line end; whatever is longer is something else. */
const LONGEST = 100;

let known: string | null = null;
let goodUntil = -Infinity;

/** The prober's public address as last learnt; null: not known. */
export function sourceAddress(): string | null {
  return known;
}

async function ask(url: string): Promise<string | null> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
  if (!response.ok || !response.body) return null;
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST) return null;
  }
  return canonicalAddress(text.trim());
}

/**
 * Learns the public address from a URL that answers with it as text, and remembers it for 10 min. Not to be called between
 * the first and the last handshake of a group. A failure, or no URL, makes it unknown; never rejects.
 */
export async function learnSourceAddress(url: string | null): Promise<void> {
  if (url === null) {
    known = null;
    goodUntil = -Infinity;
    return;
  }
  if (now() < goodUntil) return;
  try {
    known = await ask(url);
  } catch {
    // Knowing it is a comfort of the alert's reader; measuring goes on without.
    known = null;
  }
  goodUntil = now() + (known === null ? RETRY_MS : REMEMBER_MS);
}
