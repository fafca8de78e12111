declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Shape of `dynalite(options)` in dynalite 4: what of it is used here. */
  export default function dynalite(options: {
    /** Directory of the LevelDB store; in memory when absent. */
    readonly path?: string;
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }): Server;
}
