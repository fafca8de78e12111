import { afterEach, expect, test } from 'vitest';
import { type Children, openChildren } from '../../lib/local/children.ts';
import { checkPrefixes } from '../../lib/local/run-in.ts';
import { UsageError } from '../../lib/local/usage-error.ts';

const opened: Children[] = [];
afterEach(() => Promise.all(opened.splice(0).map((children) => children.end(0))));

function check(runIn: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const children = openChildren();
  opened.push(children);
  return checkPrefixes(new Map(Object.entries(runIn)), children);
}

test('a prefix that runs what follows it is good, also if it says something of its own', async () => {
  await check({ 'eu-west-1': ['env'], 'us-east-1': ['sh', '-c', 'echo welcome; "$0" "$@"'] });
  await check({});
});

test('of several that are bad the first is named', async () => {
  const bad = check({
    'eu-west-1': ['env'],
    'us-east-1': ['sh', '-c', 'echo "  no such place" >&2; exit 1'],
    'sa-east-1': ['/nowhere/ip'],
  });
  await expect(bad).rejects.toThrow(UsageError);
  await expect(bad).rejects.toThrow(/^--run-in us-east-1: sh -c .*: no such place$/);
});

test('it is run without the variables that functions do not have', async () => {
  await check({ 'eu-west-1': ['sh', '-c', 'test -z "$HOME" && "$0" "$@"'] });
});
