import { Command, Option } from 'commander';
import { nearest } from '../endpoint/nearest.ts';
import { DEFAULT_PORT } from '../local/options.ts';

/** What every command that asks the API is told. */
export interface WrittenApi {
  readonly api: string;
  readonly sign: boolean;
  readonly json: boolean;
}

/** How spans and times are written on the command line. */
export const TIME = '30m, 2h, 1d from now, or a time such as 2026-01-31T12:00:00Z';

/** Adds the options of WrittenApi, last in the command's help. */
export function withApi(command: Command, json = 'as the API answers'): Command {
  return command
    .addOption(
      new Option('--api <url>', 'the API: the output ApiUrl of your deployment, or of parallax local')
        .env('PARALLAX_API')
        .default(`http://127.0.0.1:${DEFAULT_PORT}`),
    )
    .option('--sign', 'sign for AWS also where the URL is not one of AWS (a domain of your own)', false)
    .option('--json', json, false);
}

/** Lines after the options of a command's help. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples\n${lines.map((line) => `  ${line}`).join('\n')}`;

/** A command of commands, the first of which is meant where none is named. */
export function group(
  name: string,
  description: string,
  commands: readonly [Command, ...Command[]],
): Command {
  const [first, ...others] = commands;
  const names = commands.map((command) => command.name()).join(', ');
  const parent = new Command(name).description(`${description}: ${names}`);
  // Otherwise a mistyped command would be an argument too many of the first.
  parent.hook('preSubcommand', (_, command) => {
    if (command === first) command.allowExcessArguments();
  });
  first.hook('preAction', (_, { args }) => {
    const [word] = args;
    if (word === undefined) return;
    const known = commands.flatMap((command) => [command.name(), ...command.aliases()]);
    const near = nearest(word, known);
    const remedy = near === null ? `write one of ${names}` : `did you mean ${name} ${near}?`;
    parent.error(`error: unknown command '${name} ${word}': ${remedy}`);
  });
  parent.addCommand(first, { isDefault: true });
  for (const command of others) parent.addCommand(command);
  return parent;
}
