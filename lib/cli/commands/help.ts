import { Command } from 'commander';
import { nearest } from '../../endpoint/nearest.ts';
import { pathOf } from '../mistake.ts';

/** `help`, `help check`, `help endpoints add`: commander's own takes one word, and is silent about those that it does not know. */
export const helpCommand = (): Command =>
  new Command('help')
    .description('display help for command')
    .argument('[command...]', 'the command')
    .action((words: readonly string[], _, { parent: program }: Command) => {
      if (program === null) throw new Error('help is a command of the program');
      words.reduce(named, program).help();
    });

function named(within: Command, word: string): Command {
  const found = within.commands.find((one) => one.name() === word || one.aliases().includes(word));
  if (found) return found;
  const names = within.commands.map((one) => one.name());
  const near = nearest(word, names);
  const remedy = near === null ? `see ${pathOf(within)} --help` : `did you mean ${near}?`;
  return within.error(`error: unknown command '${word}': ${remedy}`);
}
