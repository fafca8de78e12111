import { isLoopbackHost } from '../local/http/rules.ts';
import { codeOf, UsageError } from '../local/usage-error.ts';
import type { Asked } from './api-answer.ts';
import { ApiRefusal } from './api-refusal.ts';

/** Where the API is, and how it is asked. */
export interface ApiOptions {
  /** As `--api` says. */
  readonly api: string;
  /** Sign also where the URL is not one of API Gateway. */
  readonly sign: boolean;
}

/** API Gateway gives an integration 30 s ("Quotas for configuring and running an HTTP API"). */
const ANSWER_MS = 31_000;

/** `{id}.execute-api.{region}.amazonaws.com`, also of China and dual-stack. */
const GATEWAY = /^[\w-]+\.execute-api\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;

/** An API that can be asked. */
export interface ApiFetch {
  /** Without a slash at its end. */
  readonly url: string;
  /** Answers are as they came, whatever their status. @throws ApiRefusal where there is none. */
  fetch(request: Request): Promise<{ readonly response: Response; readonly asked: Asked }>;
}

/** Signs where a signature is wanted, and gives up on an API that does not answer. @throws UsageError */
export function openFetch(
  { api, sign }: ApiOptions,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  answerMs = ANSWER_MS,
): ApiFetch {
  const url = apiUrl(api);
  const region = signingRegion(url, sign, environment);
  // Most calls are to this machine, and the SDK's credentials take a while to load.
  const opening = region === null ? null : import('./sign.ts').then(({ openSigner }) => openSigner(region));
  // Whoever asks is told; nobody may have asked yet.
  opening?.catch(() => {});
  return {
    url: url.href.replace(/\/+$/, ''),
    async fetch(request) {
      const signed = opening === null ? null : await (await opening)(request);
      const asked: Asked = {
        method: request.method,
        url: new URL(request.url),
        signed: signed && region !== null ? { accessKeyId: signed.accessKeyId, region } : null,
      };
      try {
        const response = await fetch(signed?.request ?? request, {
          redirect: 'manual',
          signal: AbortSignal.any([request.signal, AbortSignal.timeout(answerMs)]),
        });
        return { response, asked };
      } catch (cause) {
        if (request.signal.aborted) throw cause;
        throw new ApiRefusal(unreachable(asked.url, cause, answerMs), { cause });
      }
    },
  };
}

function apiUrl(written: string): URL {
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new UsageError(`--api ${written}: write an http or https URL, such as the output ApiUrl`);
  }
  return url;
}

/** Null: no signature is wanted. */
function signingRegion(
  { hostname, host, protocol }: URL,
  sign: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): string | null {
  const named = GATEWAY.exec(hostname)?.[1];
  if (named === undefined && !sign) return null;
  if (protocol !== 'https:' && !isLoopbackHost(host)) {
    throw new UsageError(`--api http://${host}: what is signed goes over https only`);
  }
  const region = named ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  if (region) return region;
  throw new UsageError('--sign: the URL does not say its region: set AWS_REGION');
}

function unreachable({ origin, host }: URL, error: unknown, answerMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `${origin} did not answer within ${answerMs / 1000} s: try again; the log of its api function says more`;
  }
  if (isLoopbackHost(host)) {
    return `${origin} cannot be reached: is parallax local running there? A deployment on AWS is named by --api or PARALLAX_API`;
  }
  const cause = error instanceof Error ? error.cause : null;
  const code = codeOf(cause) ?? (cause instanceof Error ? cause.message : null);
  return `${origin} cannot be reached${code === null ? '' : ` (${code})`}: look at --api, and at your way to it`;
}
