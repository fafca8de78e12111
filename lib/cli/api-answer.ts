import * as z from 'zod/mini';
import { ApiRefusal } from './api-refusal.ts';
import { withCommands } from './wording.ts';

/** How a request was asked: what a refusal may be blamed on. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  /** Null: it was not signed. */
  readonly signed: { readonly accessKeyId: string; readonly region: string } | null;
}

const problem = z.object({
  detail: z.string(),
  errors: z.optional(
    z.array(
      z.object({ pointer: z.optional(z.string()), parameter: z.optional(z.string()), message: z.string() }),
    ),
  ),
});

/** What API Gateway says itself. */
const gatewayMessage = z.object({ message: z.string() });

/** API Gateway takes a signature for five minutes, see "Elements of an AWS API request signature" in the IAM user guide. */
const MAX_SKEW_MS = 300_000;

/** The same answer with its body read: JSON, or none. @throws ApiRefusal for any other, and for whatever is not 2xx. */
export async function checkedAnswer(response: Response, asked: Asked): Promise<Response> {
  const { status, headers } = response;
  const text = await response.text();
  if (status === 204) return response;
  const body = parsed(text);
  if (response.ok) {
    if (typeof body === 'object' && body !== null) return new Response(text, { status, headers });
    throw new ApiRefusal(notParallax(asked, headers), { status });
  }
  const ours = problem.safeParse(body);
  if (ours.success) {
    const { detail: told, errors: fields = [] } = ours.data;
    const detail = withCommands(told);
    const errors = fields.map((field) => ({ ...field, message: withCommands(field.message) }));
    const all = errors.length > 1 ? errors.map(({ message }) => message).join('; ') : detail;
    throw new ApiRefusal(all, { status, errors });
  }
  throw new ApiRefusal(remedy(response, gatewayMessage.safeParse(body).data?.message ?? null, asked), {
    status,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const notParallax = ({ url }: Asked, headers: Headers): string =>
  `${url.origin} answers, but not as Parallax does (${headers.get('content-type') ?? 'no content type'}): look at --api`;

/** What API Gateway, or something in front of it, means by refusing. */
function remedy({ status, headers }: Response, said: string | null, asked: Asked): string {
  const { method, url } = asked;
  if (status >= 300 && status < 400) {
    const location = headers.get('location') ?? 'another place';
    return `${url.origin} redirects to ${location}: write that as --api if it is your deployment`;
  }
  switch (status) {
    case 401:
    case 403:
      return forbidden(headers, said, asked);
    case 404:
      if (said === null) return notParallax(asked, headers);
      return `${url.origin} has no ${method} ${url.pathname}: it is an older deployment (npx cdk deploy --all), or --api names another API`;
    case 429:
      return `${url.origin} is asked too often (429): try again in a few seconds`;
    case 502:
    case 503:
    case 504:
      return `${url.origin} cannot answer now (${status}${said === null ? '' : ` ${said}`}): try again; the log of its api function says more`;
    default:
      return said === null ? notParallax(asked, headers) : `${status} from ${url.origin}: ${said}`;
  }
}

function forbidden(headers: Headers, said: string | null, { url, signed }: Asked): string {
  const because = said === null || said === 'Forbidden' ? '' : ` (${said})`;
  if (signed === null) return `${url.origin} wants a signature${because}: add --sign`;
  const date = Date.parse(headers.get('date') ?? '');
  const skewMs = Date.now() - date;
  if (Math.abs(skewMs) > MAX_SKEW_MS) {
    const minutes = Math.round(Math.abs(skewMs) / 60_000);
    return `${url.origin} refuses the signature${because}: the clock of this machine is ${minutes} min ${skewMs > 0 ? 'ahead' : 'behind'}, set it right`;
  }
  const { accessKeyId, region } = signed;
  return `${url.origin} refuses key ${accessKeyId} for ${region}${because}: it is expired, of another account, or lacks execute-api:Invoke; aws sts get-caller-identity shows whose it is`;
}
