import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { messageOf } from '../local/usage-error.ts';
import { ApiRefusal } from './api-refusal.ts';

/** A request as it is sent, and by which key it was signed. */
export interface Signed {
  readonly request: Request;
  readonly accessKeyId: string;
}

/**
 * Signs requests for API Gateway (Signature Version 4, service `execute-api`) with whatever credentials the standard chain finds:
 * environment, profile, SSO, process, container, instance. They are looked up once and refreshed before they expire.
 */
export function openSigner(region: string): (request: Request) => Promise<Signed> {
  const credentials = defaultProvider();
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  return async (request) => {
    const { accessKeyId } = await credentials().catch((cause: unknown) => {
      throw new ApiRefusal(
        `no AWS credentials (${messageOf(cause)}): ${whence(process.env.AWS_PROFILE)}, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
        { cause },
      );
    });
    const url = new URL(request.url);
    const body = await request.arrayBuffer();
    const { headers } = await signer.sign({
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...Object.fromEntries(request.headers), host: url.host },
      body,
    });
    // fetch writes it itself, the same.
    delete headers.host;
    const sent = new Request(request, { headers, ...(body.byteLength > 0 ? { body } : {}) });
    return { request: sent, accessKeyId };
  };
}

const whence = (profile: string | undefined): string =>
  profile
    ? `is there a profile ${profile}, as AWS_PROFILE says? aws sso login --profile ${profile}`
    : 'set AWS_PROFILE, run aws sso login';
