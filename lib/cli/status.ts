import { apiOf } from './api-client.ts';
import { fetchStatus } from './status-shape.ts';
import { statusTable } from './view.ts';

/** Prints what the regions say. Exit code 0, also when something is wrong with an endpoint. */
export async function runStatus(
  id: string | null,
  options: { readonly api: string; readonly json: boolean },
): Promise<number> {
  const { statuses, answer } = await fetchStatus(apiOf(options.api), id);
  process.stdout.write(
    options.json
      ? `${JSON.stringify(answer, null, process.stdout.isTTY ? 2 : undefined)}\n`
      : `${statusTable(statuses, process.stdout.columns || 120)}\n`,
  );
  return 0;
}
