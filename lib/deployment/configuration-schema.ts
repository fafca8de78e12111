import { isIP } from 'node:net';
import * as z from 'zod/mini';

/** Formats that alerts can be told in; each that is configured gets a topic. */
export const ALERT_FORMATS = ['json', 'email', 'sms', 'chat', 'pager'] as const;

/** Lambda allows 4 KB of environment and every region's queue URL is in it. */
const MAX_REGIONS = 20;
const MAX_CONTROLS = 8;
const MAX_ROUND_DAYS = 365;
const MAX_URL_CHARACTERS = 500;
/** An account has 10 at least in a region, and 1,000 by default. */
const LEAST_CONCURRENCY = 10;
const MOST_CONCURRENCY = 1000;
/** A week. */
const MAX_REMIND_MINUTES = 10_080;

/** Twenty characters leave room for the longest derived name, a CloudFormation stack's with its region. */
const NAME = /^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$/;
const AWS_REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d$/;
const LOCAL_REGION = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i;

/** Splits `HOST:PORT` (IPv6 in brackets); null when it is not that. */
function hostAndPort(text: string): { readonly host: string; readonly isAddress: boolean } | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]/@]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) return null;
  const [, ipv6, other = ''] = match;
  if (ipv6 !== undefined) return isIP(ipv6) === 6 ? { host: ipv6, isAddress: true } : null;
  return isIP(other) === 4 || HOST_NAME.test(other) ? { host: other, isAddress: isIP(other) === 4 } : null;
}

const told = (remedy: string) => ({
  error: (issue: { readonly input?: unknown }) => said(issue.input, remedy),
});
const said = (input: unknown, remedy: string): string => `${JSON.stringify(input) ?? 'nothing'} ${remedy}`;

const text = (pattern: RegExp, remedy: string) =>
  z.string(told(remedy)).check(z.regex(pattern, told(remedy)));

const flag = () => z.boolean(told('is neither true nor false; write one of them, without quotes'));

/** A string that `test` accepts. */
const passing = (test: (value: string) => boolean, remedy: string) =>
  z.string(told(remedy)).check(z.refine(test, told(remedy)));

const uniqueList = <T extends z.ZodMiniType>(item: T, least: number, most: number, noun: string) =>
  z.array(item, told(`is not a list; write ["…", "…"]`)).check(
    z.refine((list) => list.length >= least, { error: `is empty; name at least one ${noun}` }),
    z.refine((list) => list.length <= most, { error: `has too many; at most ${most} ${noun}s` }),
    z.refine((list) => new Set(list).size === list.length, {
      error: (issue) => `${JSON.stringify(issue.input)} names a ${noun} twice; name each once`,
    }),
  );

/**
 * What an owner may write; every field is optional here, defaults are filled in by parseConfiguration.
 *
 * @param local - region names are free on one machine and AWS's elsewhere.
 */
export function configurationSchema(local: boolean) {
  const region = local
    ? text(LOCAL_REGION, 'is no usable region name; write lower-case letters, digits and hyphens, 32 at most')
    : text(AWS_REGION, 'is not the name of an AWS region; write one such as "eu-west-1"');
  return z.strictObject({
    name: z.optional(
      text(NAME, 'is no usable name; write 1–20 lower-case letters, digits and hyphens, a letter first'),
    ),
    account: z.optional(
      text(/^\d{12}$/, 'is not an AWS account; write its twelve digits in quotes, or leave it out'),
    ),
    homeRegion: z.optional(region),
    regions: z.optional(uniqueList(region, 1, MAX_REGIONS, 'region')),
    formats: z.optional(
      uniqueList(
        z.enum(ALERT_FORMATS, told(`is no alert format; choose from ${ALERT_FORMATS.join(', ')}`)),
        1,
        ALERT_FORMATS.length,
        'format',
      ),
    ),
    controls: z.optional(
      uniqueList(
        passing(
          (value) => hostAndPort(value) !== null,
          'is not HOST:PORT; write one such as "1.1.1.1:443" or "dns.google:443"',
        ),
        0,
        MAX_CONTROLS,
        'control',
      ),
    ),
    resolvers: z.optional(
      z.record(
        z.string(),
        passing(
          (value) => hostAndPort(value)?.isAddress === true,
          'is not ADDRESS:PORT; write one such as "192.0.2.53:53" (a resolver cannot be a name)',
        ),
        told('is not an object; write {"region": "ADDRESS:PORT"}'),
      ),
    ),
    allowPrivateAddresses: z.optional(flag()),
    ipv6: z.optional(flag()),
    sourceAddressUrl: z.optional(
      z.nullable(
        passing(
          (value) => URL.canParse(value) && /^https?:/.test(value),
          "is not an http(s) URL; write one that answers with the caller's address, or null",
        ),
      ),
    ),
    roundDays: z.optional(
      z
        .int(told(`is not a number of days; write 1 to ${MAX_ROUND_DAYS}`))
        .check(
          z.minimum(1, told(`is too few; write 1 to ${MAX_ROUND_DAYS}`)),
          z.maximum(MAX_ROUND_DAYS, told(`is too many; write 1 to ${MAX_ROUND_DAYS}`)),
        ),
    ),
    remindEveryMinutes: z.optional(
      z.int(told(`is not a number of minutes; write 0 (never) or 5 to ${MAX_REMIND_MINUTES}`)).check(
        z.refine((minutes) => minutes === 0 || (minutes >= 5 && minutes <= MAX_REMIND_MINUTES), {
          error: (issue) =>
            said(issue.input, `is out of range; write 0 (never) or 5 to ${MAX_REMIND_MINUTES}`),
        }),
      ),
    ),
    command: z.optional(
      text(
        /^(?! )[\x20-\x7e]{1,200}(?<! )$/,
        'is no beginning of a command; write 1 to 200 ASCII characters, such as "npm run parallax --"',
      ),
    ),
    lambdaConcurrency: z.optional(
      z.nullable(
        z
          .int(
            told(`is not a number of functions; write ${LEAST_CONCURRENCY} to ${MOST_CONCURRENCY}, or null`),
          )
          .check(
            z.minimum(
              LEAST_CONCURRENCY,
              told(`is too few; write ${LEAST_CONCURRENCY} to ${MOST_CONCURRENCY}`),
            ),
            z.maximum(
              MOST_CONCURRENCY,
              told(`is too many; write ${LEAST_CONCURRENCY} to ${MOST_CONCURRENCY}`),
            ),
          ),
      ),
    ),
    heartbeatUrl: z.optional(
      z.nullable(
        passing(
          (value) => URL.canParse(value) && /^https?:/.test(value) && value.length <= MAX_URL_CHARACTERS,
          'is not an http(s) URL of at most 500 characters; write one that expects a request each minute, or null',
        ),
      ),
    ),
    architecture: z.optional(z.enum(['arm64', 'x64'], told('is no architecture; write "arm64" or "x64"'))),
    local: z.optional(flag()),
  });
}
