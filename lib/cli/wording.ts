import { ApiRefusal } from './api-refusal.ts';

/** How a command calls what the API names: of a field or a parameter the option or argument it is said by. */
export type Wording = Readonly<Record<string, string>>;

/** Of an endpoint, by arguments and the options of WrittenSettings. */
export const SETTINGS: Wording = {
  id: 'the id',
  host: 'the host',
  port: 'the port',
  handshake: '--handshake',
  name: '--name',
  intervalSeconds: '--interval',
  alertAfterSeconds: '--alert-after',
  regions: '--regions',
  addressFamily: '--address-family',
  serverName: '--server-name',
  certificate: '--certificate',
  tags: '--tag',
  enabled: '--enabled',
  team: '--team',
  severities: '--severity',
  runbookUrl: '--runbook-url',
};

/** Waits for an answer; what the API refuses is told in the words of the command line. @throws ApiRefusal */
export async function worded<T>(wording: Wording, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.errors.length === 0) throw error;
    const errors = error.errors.map((one) => ({ ...one, message: inWords(one.message, wording) }));
    const { status } = error;
    throw new ApiRefusal(errors.map(({ message }) => message).join('; '), { status, errors, cause: error });
  }
}

/** Messages begin with the field they are about, and name others in quotation marks. */
const inWords = (message: string, wording: Wording): string =>
  message
    .replace(/^\w+/, (field) => wording[field] ?? field)
    .replaceAll(/"(\w+)"/g, (quoted, field: string) => wording[field] ?? quoted);

/** What does the same as a route that is named as a remedy. */
const COMMANDS: Readonly<Record<string, string>> = {
  'GET /endpoints': 'parallax endpoints',
  'GET /incidents': 'parallax incidents',
  'GET /mutes': 'parallax mutes',
  'GET /maintenance': 'parallax maintenance',
  'POST /checks': 'parallax check --everywhere',
};

/** The same with commands in the place of routes. */
export const withCommands = (message: string): string =>
  message.replaceAll(/\b(?:GET|POST) \/\w+/g, (route) => COMMANDS[route] ?? route);
