import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { messageOf, UsageError } from '../local/usage-error.ts';
import { ackCommand } from './commands/ack.ts';
import { localCommand } from './commands/local.ts';
import { muteCommand } from './commands/mute.ts';
import { observationsCommand } from './commands/observations.ts';
import { regionsCommand } from './commands/regions.ts';
import { statusCommand } from './commands/status.ts';

/** What the user asked for cannot be done as asked. */
const EXIT_USAGE = 2;

/** In the order of the help. A builder says what there is; what a command does is imported when it is run. */
const COMMANDS: readonly (() => Command)[] = [
  localCommand,
  statusCommand,
  regionsCommand,
  observationsCommand,
  ackCommand,
  muteCommand,
];

/** The command line; nothing is run yet. Actions resolve to the exit code they set. */
export function buildProgram(): Command {
  const program = new Command('parallax')
    .description('Is this port listening from some regions and blocked from others?')
    .version(packageJson.version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'parallax: ')) })
    .showSuggestionAfterError(false);
  for (const build of COMMANDS) program.addCommand(inheriting(program, build()));
  return program;
}

/** `addCommand` leaves a command as it was built, alone: what errors and help look like comes from the program, at every depth. */
function inheriting(parent: Command, command: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheriting(command, child);
  return command;
}

/** Runs a command line. Mistakes in it: one line on stderr and exit code 2; anything else that stops it: 1. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await buildProgram().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
      return;
    }
    console.error(`parallax: ${messageOf(error)}`);
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : 1;
  }
}
