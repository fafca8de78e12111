import { colors } from '../colors.ts';
import type { Done } from './carry-out.ts';
import type { Change, FieldChange, Plan } from './plan.ts';

const ACTIONS = ['add', 'change', 'remove'] as const;

/** A plan as a diff, a line a field; nothing of what stays as it is. */
export const planLines = ({ changes }: Pick<Plan, 'changes'>): readonly string[] =>
  changes.flatMap(changeLines);

function changeLines(change: Change): readonly string[] {
  switch (change.action) {
    case 'add':
      return [colors.green(`+ ${change.id}  ${target(change.desired.settings)}`)];
    case 'change':
      return [colors.yellow(`~ ${change.id}`), ...fieldLines(change.fields)];
    case 'remove':
      return [colors.red(`- ${change.id}  ${target(change.deployed)}`)];
  }
}

/** `2 to add, 1 to change, 0 to remove, 47 unchanged` */
export function counts({ changes, unchanged }: Plan): string {
  const count = (action: Change['action']): number => changes.filter((one) => one.action === action).length;
  return `${count('add')} to add, ${count('change')} to change, ${count('remove')} to remove, ${unchanged} unchanged`;
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly handshake: string;
}

const target = ({ host, port, handshake }: Target): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port} ${handshake}`;

function fieldLines(fields: readonly FieldChange[]): readonly string[] {
  const width = Math.max(...fields.map(({ field }) => field.length));
  return fields.map(
    (change) =>
      `    ${change.field.padEnd(width)}  ${colors.red(shown(change.old))} → ${colors.green(shown(change.new))}`,
  );
}

/** Text as it is, lists and maps as JSON. */
function shown(value: unknown): string {
  if (value === undefined) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `1 endpoint`, `2 endpoints` */
export const endpointCount = (count: number): string => `${count} endpoint${count === 1 ? '' : 's'}`;

/** What became of a plan, in one line. */
export function summary(done: readonly Done[]): string {
  const words = { add: 'added', change: 'changed', remove: 'removed' } as const;
  const counted = ACTIONS.flatMap((action) => {
    const count = done.filter(({ change, error }) => change.action === action && error === null).length;
    return count === 0 ? [] : [`${count} ${words[action]}`];
  });
  const failed = done.filter(({ error }) => error !== null).length;
  return [...counted, ...(failed === 0 ? [] : [`${failed} failed`])].join(', ');
}
