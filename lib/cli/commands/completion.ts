import type { RootCommand } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { type Suggestion, suggestions, wantedBy } from '../completion.ts';
import { examples } from '../options.ts';

/** Adds `completion <shell>`, and the hidden command that its scripts ask. All other commands must be there already. */
export function addCompletion(program: Command): void {
  const known = tab(program, { completionCommandName: 'completion' });
  for (const group of program.commands) inheritDefault(known, group);
  program.commands
    .find((command) => command.name() === 'completion')
    ?.description('a script that completes command lines: bash, zsh, fish, powershell')
    .addHelpText(
      'after',
      examples(
        'source <(parallax completion bash)                                        in ~/.bashrc',
        'source <(parallax completion zsh)                                         in ~/.zshrc',
        'parallax completion fish > ~/.config/fish/completions/parallax.fish',
      ),
    );
  let inTime = true;
  program.commands
    .find((command) => command.name() === 'complete')
    ?.hook('preAction', async (_, { args }) => {
      const wanted = wantedBy(args);
      if (wanted === null) return;
      const answer = await suggestions(wanted, args);
      inTime = answer.inTime;
      offer(known, answer.found);
    })
    // What has not come in time would keep the shell waiting all the same.
    .hook('postAction', () => {
      if (!inTime) process.exit(0);
    });
}

/** A group without a word is its first command: `parallax incidents --endpoint` is completed as `parallax incidents list --endpoint`. */
function inheritDefault(known: RootCommand, group: Command): void {
  const [first] = group.commands;
  const own = known.commands.get(group.name());
  const options = first && known.commands.get(`${group.name()} ${first.name()}`)?.options;
  for (const [name, option] of options ?? []) own?.options.set(name, option);
}

/** Whatever is completed now and has no choices of its own is completed from these. */
function offer(known: RootCommand, found: readonly Suggestion[]): void {
  const handler = (complete: (value: string, description: string) => void): void => {
    for (const { value, description } of found) complete(value, description);
  };
  for (const command of known.commands.values()) {
    for (const argument of command.arguments.values()) argument.handler ??= handler;
    for (const name of ['endpoint', 'endpoints', 'region', 'regions', 'tag', 'tags', 'team']) {
      const option = command.options.get(name);
      if (option) option.handler = handler;
    }
  }
}
