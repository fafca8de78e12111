import { Command, CommanderError, Help, type Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { messageOf, UsageError } from '../local/usage-error.ts';
import { ackCommand } from './commands/ack.ts';
import { applyCommand } from './commands/apply.ts';
import { checkCommand } from './commands/check.ts';
import { addCompletion } from './commands/completion.ts';
import { costCommand } from './commands/cost.ts';
import { dashboardCommand } from './commands/dashboard.ts';
import { drillCommand } from './commands/drill.ts';
import { endpointsCommand } from './commands/endpoints.ts';
import { exportCommand } from './commands/export.ts';
import { helpCommand } from './commands/help.ts';
import { importCommand } from './commands/import.ts';
import { incidentsCommand } from './commands/incidents.ts';
import { localCommand } from './commands/local.ts';
import { maintenanceCommand } from './commands/maintenance.ts';
import { muteCommand, mutesCommand } from './commands/mute.ts';
import { observationsCommand } from './commands/observations.ts';
import { regionsCommand } from './commands/regions.ts';
import { schemaCommand } from './commands/schema.ts';
import { statusCommand } from './commands/status.ts';
import { mistakeLine } from './mistake.ts';
import { examples } from './options.ts';
import { outliveReader } from './reader.ts';

/** What the user asked for cannot be done as asked. */
const EXIT_USAGE = 2;

const EXIT_CODES = `

Exit codes
  0  done, whatever the answer is; check has codes of its own for how it ended
  1  not done: the API refused or cannot be reached; the line on stderr says what to do
  2  the command line itself cannot be understood`;

/** In the order of the help. A builder says what there is; what a command does is imported when it is run. */
const COMMANDS: readonly (() => Command)[] = [
  localCommand,
  checkCommand,
  dashboardCommand,
  statusCommand,
  incidentsCommand,
  ackCommand,
  muteCommand,
  mutesCommand,
  maintenanceCommand,
  endpointsCommand,
  applyCommand,
  exportCommand,
  importCommand,
  schemaCommand,
  regionsCommand,
  observationsCommand,
  drillCommand,
  costCommand,
];

/** The command line; nothing is run yet. Actions resolve to the exit code they set. */
export function buildProgram(): Command {
  const program = new Command('parallax')
    .description('Is this port listening from some regions and blocked from others?')
    .addHelpText(
      'after',
      examples(
        'parallax local                          the whole stack on this machine, with a demo',
        'parallax endpoints add shop shop.example.com:443 --handshake http2',
        'parallax status shop                    what every region says of it',
        'PARALLAX_API=https://ab12.execute-api.eu-west-1.amazonaws.com parallax incidents',
      ) + EXIT_CODES,
    )
    .version(packageJson.version)
    .exitOverride()
    .helpCommand(false)
    .hook('preAction', (_, command) => outliveReader(command.name()))
    .configureHelp({ optionDescription: descriptionOf });
  inOneLine(program);
  for (const build of COMMANDS) program.addCommand(inheriting(program, build()));
  program.addCommand(inheriting(program, helpCommand()));
  addCompletion(program);
  return program;
}

/** `addCommand` leaves a command as it was built, alone: what errors and help look like comes from the program, at every depth. */
function inheriting(parent: Command, command: Command): Command {
  command.copyInheritedSettings(parent);
  inOneLine(command);
  for (const child of command.commands) inheriting(command, child);
  return command;
}

/** Mistakes name the command whose help says more. */
const inOneLine = (command: Command): Command =>
  command.configureOutput({ outputError: (text, write) => write(mistakeLine(text, command)) });

/** That a switch is off unless it is written need not be said. */
function descriptionOf(this: void, option: Option): string {
  return new Help().optionDescription(option).replace(' (default: false)', '');
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
