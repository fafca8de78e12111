import { UsageError } from '../../local/usage-error.ts';
import { endpointCount } from './words.ts';

/** Asks whoever sits at the terminal. @throws UsageError unless the answer is yes, and where nobody can be asked. */
export async function confirmRemoval(count: number, json: boolean): Promise<void> {
  const what = endpointCount(count);
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsageError(`--prune removes ${what}: add --yes; nothing has been changed`);
  }
  const { confirm } = await import('@clack/prompts');
  const answer = await confirm({ message: `Remove ${what}?`, initialValue: false });
  if (answer !== true) throw new UsageError('nothing has been changed');
}
