import { connect } from './api-client.ts';
import type { WrittenApi } from './options.ts';
import { print } from './print.ts';
import { statusOfAll, statusOfOne } from './status-shape.ts';
import { statusTable } from './view.ts';

/** Prints what the regions say. Exit code 0, also when something is wrong with an endpoint. */
export async function runStatus(id: string | null, options: WrittenApi): Promise<number> {
  const api = connect(options);
  if (id !== null) {
    const status = await statusOfOne(api, id);
    print(options, status, (columns) => statusTable([status], columns));
    return 0;
  }
  const items = await statusOfAll(api);
  print(options, { items, next: null }, (columns) => statusTable(items, columns));
  return 0;
}
