import { useEffect, useState } from 'preact/hooks';
import { messageOf } from './api.ts';
import { beat } from './live.ts';

/** What a page reads for itself. An error keeps what was there before. */
export interface Loaded<T> {
  readonly data: T | null;
  readonly error: unknown;
  readonly message: string | null;
}

const NOTHING = { data: null, error: null, message: null };

/**
 * Reads when the page opens, when `key` changes (what was there is dropped then), and with each beat if it is `live`.
 * @param load is to end early when its signal is aborted.
 */
export function useLoaded<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { live = true }: { readonly live?: boolean } = {},
): Loaded<T> {
  const [kept, setKept] = useState<{ readonly key: string; readonly loaded: Loaded<T> }>({
    key,
    loaded: NOTHING,
  });
  const count = live ? beat.value : 0;
  useEffect(() => {
    const gone = new AbortController();
    load(gone.signal)
      .then((data) => {
        if (!gone.signal.aborted) setKept({ key, loaded: { data, error: null, message: null } });
      })
      .catch((error: unknown) => {
        if (gone.signal.aborted) return;
        setKept((before) => ({
          key,
          loaded: { data: before.key === key ? before.loaded.data : null, error, message: messageOf(error) },
        }));
      });
    return () => gone.abort();
  }, [key, count]);
  return kept.key === key ? kept.loaded : NOTHING;
}
