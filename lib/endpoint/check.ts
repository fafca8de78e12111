import * as z from 'zod/mini';
import { HANDSHAKES } from '../outcome/outcome.ts';
import type { EndpointSettings } from './endpoint.ts';
import { type FieldError, fieldErrors } from './field-error.ts';
import { type EndpointContext, parseEndpoint, regionErrors } from './parse.ts';
import { endpointInput, ID_PATTERN, must } from './schema.ts';

/** Regions answer a check within this, or are said not to have: 4 s for the name, 6 s for the try, 2 s for the controls, 3 s on the way. */
export const ANSWER_WITHIN_MS = 15_000;

/** What is tried once: as much of an endpoint as the ladder needs. */
export type CheckTarget = Pick<
  EndpointSettings,
  'host' | 'port' | 'handshake' | 'addressFamily' | 'serverName' | 'certificate'
>;

/** A target as it is sent and stored. */
export const checkTarget = z.object({
  host: z.string(),
  port: z.int(),
  handshake: z.enum(HANDSHAKES),
  addressFamily: z.enum(['ipv4', 'ipv6']),
  serverName: z.optional(z.string()),
  certificate: z.enum(['verify', 'ignore']),
} satisfies Record<keyof CheckTarget, z.ZodMiniType>);

const BODY = 'the body must be a JSON object';
const { host, port, handshake, addressFamily, serverName, certificate, regions } = endpointInput.shape;

/** What is to be tried, said field by field … */
export const targetInput = z.strictObject(
  { host, port, handshake, addressFamily, serverName, certificate, regions },
  BODY,
);

const idTold = must('endpoint', 'the id of an endpoint, such as shop');

/** … or as an endpoint that is registered. */
export const registeredInput = z.strictObject(
  { endpoint: z.string(idTold).check(z.regex(ID_PATTERN, idTold)), regions },
  BODY,
);

/** What is to be tried and from where: a target, or the id of an endpoint that has one. */
export type ParsedCheck = { readonly regions: EndpointSettings['regions'] } & (
  | { readonly target: CheckTarget }
  | { readonly endpoint: string }
);

/** Reads what somebody wants tried; what an endpoint may not be, a check may not be either. */
export function parseCheck(
  input: Readonly<Record<string, unknown>>,
  context: Omit<EndpointContext, 'id'>,
): ParsedCheck | { readonly errors: readonly FieldError[] } {
  if (Object.hasOwn(input, 'endpoint')) return parseRegistered(input, context);
  const parsed = targetInput.safeParse(input);
  if (!parsed.success) return { errors: fieldErrors(parsed.error, Object.keys(targetInput.shape)) };
  const endpoint = parseEndpoint(parsed.data, { ...context, id: 'check' });
  if ('errors' in endpoint) return endpoint;
  return { target: targetOf(endpoint.settings), regions: endpoint.settings.regions };
}

function parseRegistered(
  input: unknown,
  context: Omit<EndpointContext, 'id'>,
): ParsedCheck | { readonly errors: readonly FieldError[] } {
  const parsed = registeredInput.safeParse(input);
  if (!parsed.success) return { errors: fieldErrors(parsed.error, Object.keys(registeredInput.shape)) };
  const errors = regionErrors(parsed.data.regions, context);
  return errors.length > 0 ? { errors } : parsed.data;
}

/** What a try of an endpoint goes by. */
export function targetOf(settings: EndpointSettings): CheckTarget {
  const { host, port, handshake, addressFamily, serverName, certificate } = settings;
  const named = serverName === undefined ? {} : { serverName };
  return { host, port, handshake, addressFamily, ...named, certificate };
}
