import type { Command } from 'commander';

/** What commander adds in a line of its own. */
const SUGGESTION = /\n\(Did you mean (?:one of )?(.*)\?\)$/;

/** Mistakes that commander names without a remedy. */
const BARE =
  /^(?:unknown (?:command|option) '[^']*'|missing required argument '[^']*'|option '[^']*' argument missing|required option '[^']*' not specified|too many arguments for .*\.)$/;

/** A mistake in a command line, as commander words it, in one line that says what to do. */
export function mistakeLine(text: string, command: Command): string {
  const said = text.trimEnd().replace(/^error: /, '');
  const meant = SUGGESTION.exec(said)?.[1];
  if (meant !== undefined) {
    return `parallax: ${said.replace(SUGGESTION, '')}: did you mean ${meant.replace(/, ([^,]*)$/, ' or $1')}?\n`;
  }
  return `parallax: ${BARE.test(said) ? `${said.replace(/\.$/, '')}: see ${pathOf(command)} --help` : said}\n`;
}

/** `parallax endpoints add` */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
