import { UsageError } from '../local/usage-error.ts';
import { connect } from './api-client.ts';
import { noneLike } from './known.ts';
import type { WrittenApi } from './options.ts';
import { print } from './print.ts';
import { waiting } from './progress.ts';
import { type RegionStatus, statusOfAll, statusOfOne } from './status-shape.ts';
import { statusTable } from './view.ts';

export interface WrittenStatus extends WrittenApi {
  readonly tag?: string;
  readonly team?: string;
  readonly state?: RegionStatus['state'];
  readonly troubled: boolean;
}

/** Prints what the regions say. Exit code 0, also when something is wrong with an endpoint. @throws UsageError */
export async function runStatus(id: string | null, options: WrittenStatus): Promise<number> {
  const { tag, team, state, troubled } = options;
  const api = connect(options);
  if (id !== null) {
    if (troubled || [tag, team, state].some((filter) => filter !== undefined)) {
      throw new UsageError(`status ${id}: one endpoint cannot be filtered: leave the id or the filters out`);
    }
    const status = await waiting(id, statusOfOne(api, id));
    print(options, status, (columns) => statusTable([status], columns));
    return 0;
  }
  const all = await waiting('status', statusOfAll(api, { tag, team }));
  const items = all
    .filter(({ regions }) => state === undefined || regions.some((region) => region.state === state))
    .filter(({ verdict }) => !troubled || verdict.severity !== null);
  const filtered = troubled || [tag, team, state].some((filter) => filter !== undefined);
  const missing = all.length === 0 ? await noneLike(api, { tag, team }) : null;
  const none = missing ?? (filtered ? 'no endpoint is like that' : 'no endpoints yet');
  print(options, { items, next: null }, (columns) => statusTable(items, columns, none));
  return 0;
}
