import { bodyOf, connect, type Schemas } from './api-client.ts';
import { colors } from './colors.ts';
import type { WrittenApi } from './options.ts';
import { print } from './print.ts';
import { waiting } from './progress.ts';
import { drawTable } from './table.ts';
import { worded } from './wording.ts';

export interface WrittenDrill extends WrittenApi {
  readonly severity?: 'P1' | 'P2' | 'P3';
  readonly team?: string;
}

/** Tells a test alert in every format. Exit code 0; 1 when one was not published or nobody would have heard it. */
export async function runDrill(options: WrittenDrill): Promise<number> {
  const { severity, team } = options;
  const body = { ...(severity === undefined ? {} : { severity }), team };
  const drill = await waiting(
    'telling a test alert',
    worded({ team: '--team' }, bodyOf(connect(options).POST('/drills', { body }))),
  );
  print(options, drill, (columns) => drillText(drill, columns));
  return drill.formats.some(({ published }) => !published) || drill.topicsWithoutSubscriber.length > 0
    ? 1
    : 0;
}

function drillText({ id, formats }: Schemas['Drill'], columns: number): string {
  if (formats.length === 0) return 'no format is configured: nobody can be told anything';
  const rows = formats.map(({ format, published, error, subscriptions, topic }) => [
    colors.bold(format),
    published ? colors.green('published') : colors.red(error ?? 'not published'),
    subscribersText(subscriptions),
    topic,
  ]);
  return `${drawTable(['format', 'SNS', 'subscribers', 'topic'], rows, columns)}\n${id}: look whether it has arrived`;
}

function subscribersText(subscriptions: Schemas['Drill']['formats'][number]['subscriptions']): string {
  if (subscriptions === null) return colors.dim('not known');
  const { confirmed, pending } = subscriptions;
  const waitingToo = pending === 0 ? '' : `, ${pending} not confirmed yet`;
  return confirmed === 0 ? colors.red(`nobody${waitingToo}`) : `${confirmed}${waitingToo}`;
}
