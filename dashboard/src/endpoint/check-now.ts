import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api, body, messageOf } from '../api.ts';
import type { Check } from '../types.ts';
import { announce } from '../ui/announcer.tsx';

/** Between two looks at what has come in, in ms. */
const LOOK_MS = 700;
/** The API says 15 s; later there is nothing more to wait for. */
const GIVE_UP_MS = 20_000;

/** A check that was asked for, as it is known so far. */
export interface Asked {
  readonly check: Check | null;
  readonly busy: boolean;
  readonly trouble: string | null;
}

const NOBODY: Asked = { check: null, busy: false, trouble: null };

/** Null where the API cannot be asked to try something now. */
export function useCheck(endpoint: string): { readonly asked: Asked; readonly ask: () => void } {
  const asked = useSignal(NOBODY);
  useEffect(() => {
    asked.value = NOBODY;
  }, [endpoint]);
  return { asked: asked.value, ask: () => void run(endpoint, asked) };
}

async function run(endpoint: string, asked: Signal<Asked>): Promise<void> {
  if (asked.value.busy) return;
  asked.value = { check: null, busy: true, trouble: null };
  try {
    let check = await body(api.POST('/checks', { body: { endpoint, regions: 'all' } }));
    const begun = performance.now();
    while (!check.complete && performance.now() - begun < GIVE_UP_MS) {
      asked.value = { check, busy: true, trouble: null };
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      check = await body(api.GET('/checks/{id}', { params: { path: { id: check.id } } }));
    }
    asked.value = { check, busy: false, trouble: null };
    const passed = check.regions.filter(({ outcome }) => outcome === 'ok').length;
    announce(`The check is done: ${passed} of ${check.regions.length} regions pass`);
  } catch (error) {
    asked.value = { check: null, busy: false, trouble: messageOf(error) };
  }
}
