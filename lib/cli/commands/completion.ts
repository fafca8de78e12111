import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { examples } from '../options.ts';

/** Adds `completion <shell>`, and the hidden command that its scripts ask. All other commands must be there already. */
export function addCompletion(program: Command): void {
  tab(program, { completionCommandName: 'completion' });
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
}
