import type { Children } from '../lib/local/children.ts';
import type { Blackbox } from './blackbox.ts';
import type { Nginx } from './nginx.ts';

/** Who meets whom: one peer, one machine, one after the other. */
export interface Field {
  readonly nginx: Nginx;
  /** null: not installed. */
  readonly blackbox: Blackbox | null;
  /** The other programs that are installed. */
  readonly has: ReadonlySet<'curl' | 'openssl'>;
  readonly children: Children;
  readonly progress: (text: string) => void;
}
