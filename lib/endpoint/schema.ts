import * as z from 'zod/mini';
import { HANDSHAKES } from '../outcome/outcome.ts';
import { INTERVALS } from './endpoint.ts';
import { parseHost } from './host.ts';
import { KINDS, type Kind, SEVERITIES } from './severity.ts';

/** An endpoint's id, in paths and keys. */
export const ID_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const MAX_NAME_CHARACTERS = 100;
export const MAX_ALERT_AFTER_SECONDS = 3600;
export const MAX_TAGS = 20;
export const MAX_TAG_CHARACTERS = 64;
export const MAX_URL_CHARACTERS = 2000;
export const MAX_NOTE_CHARACTERS = 500;

/** One message for whatever is wrong with a field; a missing one says that it is required. */
export const must = (field: string, remedy: string) => ({
  error: ({ input }: { readonly input?: unknown }) =>
    input === undefined ? `${field} is required: it must be ${remedy}` : `${field} must be ${remedy}`,
});

/** Text of 1 to `max` characters (UTF-16 units) that can be shown in one line. */
export function line(field: string, max: number) {
  const told = must(field, `text of 1 to ${max} characters, without control characters`);
  return z.string(told).check(z.minLength(1, told), z.maxLength(max, told), z.refine(isOneLine, told));
}

/**
 * A tag: text that is one segment of a path whatever decodes it on the way (RFC 3986 section 3.3). API Gateway decodes a path before it
 * finds its route, so that an encoded slash splits it and a `%` may be decoded twice; clients take dots alone for a step up.
 */
export function tag(field: string) {
  const told = must(
    field,
    `text of 1 to ${MAX_TAG_CHARACTERS} characters, without / \\ ? # % and control characters, and not dots alone`,
  );
  return line(field, MAX_TAG_CHARACTERS).check(z.refine(isOneSegment, told));
}

const isOneSegment = (text: string): boolean => !/[/\\?#%]|^\.+$/.test(text);

/** A lone surrogate cannot be stored as UTF-8; control characters break a line or a terminal. */
const isOneLine = (text: string): boolean =>
  text.isWellFormed() && !/\p{Cc}/u.test(text) && text.trim() !== '';

const hostError = (text: string): string | null => {
  const host = parseHost(text);
  return 'error' in host ? host.error : null;
};

const host = z.string(must('host', 'a name or an address, such as shop.example.com')).check(
  z.refine((text) => hostError(text) === null, {
    error: ({ input }) => `host ${hostError(String(input))}`,
  }),
);

const isServerName = (text: string): boolean => {
  const name = parseHost(text);
  return 'kind' in name && name.kind === 'name';
};
// RFC 6066 section 3: literal addresses are not permitted in SNI.
const serverNameTold = must('serverName', 'a name such as shop.example.com, not an address');

const intervalTold = must('intervalSeconds', `one of ${INTERVALS.join(', ')}`);
const portTold = must('port', 'a whole number from 1 to 65535');
const alertTold = must('alertAfterSeconds', `a whole number from 0 to ${MAX_ALERT_AFTER_SECONDS}`);
const regionsTold = must('regions', '"all" or a list of at least one region, such as ["eu-west-1"]');
const tagsTold = must('tags', `a list of at most ${MAX_TAGS} texts`);
const urlTold = must(
  'runbookUrl',
  `an http or https URL of at most ${MAX_URL_CHARACTERS} characters, without spaces`,
);

const severitiesTold = must(
  'severities',
  `an object of kinds (${KINDS.join(', ')}), each with one of ${SEVERITIES.join(', ')}, such as {"partial": "P1"}`,
);
const severity = (kind: Kind) =>
  z.enum(SEVERITIES, must(`severities.${kind}`, `one of ${SEVERITIES.join(', ')}`));

const isWebUrl = (text: string): boolean =>
  /^https?:\/\/\S+$/i.test(text) && !/\p{Cc}/u.test(text) && text.isWellFormed() && URL.canParse(text);

/** What a user may say of an endpoint; what depends on the deployment is looked at in parseEndpoint. */
export const endpointInput = z.strictObject(
  {
    host: host.register(z.globalRegistry, {
      description:
        'Name or address, without scheme, port, path or brackets. International names are stored as ASCII.',
      examples: ['shop.example.com'],
    }),
    port: z.int(portTold).check(z.gte(1, portTold), z.lte(65_535, portTold)),
    handshake: z
      .enum(HANDSHAKES, must('handshake', `one of ${HANDSHAKES.join(', ')}`))
      .register(z.globalRegistry, { description: 'How far a try must get to pass.' }),
    name: z.optional(line('name', MAX_NAME_CHARACTERS)),
    intervalSeconds: z._default(z.literal(INTERVALS, intervalTold), 60),
    alertAfterSeconds: z._default(
      z.int(alertTold).check(z.gte(0, alertTold), z.lte(MAX_ALERT_AFTER_SECONDS, alertTold)),
      30,
    ),
    regions: z._default(
      z.union([z.literal('all'), z.array(z.string()).check(z.minLength(1, regionsTold))], regionsTold),
      'all',
    ),
    addressFamily: z.optional(z.enum(['ipv4', 'ipv6'], must('addressFamily', 'ipv4 or ipv6'))),
    serverName: z.optional(z.string(serverNameTold).check(z.refine(isServerName, serverNameTold))),
    certificate: z._default(z.enum(['verify', 'ignore'], must('certificate', 'verify or ignore')), 'verify'),
    tags: z._default(z.array(tag('tags'), tagsTold).check(z.maxLength(MAX_TAGS, tagsTold)), []),
    enabled: z._default(z.boolean(must('enabled', 'true or false')), true),
    team: z.optional(line('team', MAX_TAG_CHARACTERS)),
    severities: z.optional(
      z.partial(
        z.strictObject(
          {
            partial: severity('partial'),
            down: severity('down'),
            failing_where_seen: severity('failing_where_seen'),
            not_watched: severity('not_watched'),
            unproven: severity('unproven'),
          } satisfies Record<Kind, z.ZodMiniType>,
          severitiesTold,
        ),
      ),
    ),
    runbookUrl: z.optional(
      z.string(urlTold).check(z.maxLength(MAX_URL_CHARACTERS, urlTold), z.refine(isWebUrl, urlTold)),
    ),
  },
  'the body must be a JSON object',
);
export type EndpointInput = z.infer<typeof endpointInput>;
