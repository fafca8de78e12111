import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface SignedRequest {
  readonly method: string;
  /** As on the request line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** RFC 3986's unreserved characters stay; all others are percent-encoded. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * What is wrong with a request's signature; null: nothing. As "Create a signed AWS API request" in the IAM user guide has it, from the
 * request as it arrived: canonical request, string to sign, signing key, signature.
 */
export function signatureTrouble(
  { method, target, headers, body }: SignedRequest,
  secrets: ReadonlyMap<string, string>,
): string | null {
  const parsed =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (!parsed) return `no signature: ${headers.authorization}`;
  const [, keyId = '', day = '', region = '', service = '', signedHeaders = '', signature = ''] = parsed;
  const secret = secrets.get(keyId);
  if (secret === undefined) return `unknown key ${keyId}`;
  if (service !== 'execute-api') return `signed for ${service}`;
  const names = signedHeaders.split(';');
  for (const must of ['host', 'x-amz-date']) if (!names.includes(must)) return `${must} is not signed`;
  if (headers['content-type'] !== undefined && !names.includes('content-type')) return 'type is not signed';
  const at = String(headers['x-amz-date']);
  if (!at.startsWith(day)) return `signed on ${day}, sent at ${at}`;
  const [path = '', query = ''] = target.split('?');
  const canonicalPath = path.split('/').map(encoded).join('/');
  const canonicalQuery = [...new URLSearchParams(query)]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const canonicalHeaders = names.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('');
  const canonical = [
    method,
    canonicalPath,
    canonicalQuery,
    canonicalHeaders,
    signedHeaders,
    sha256(body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), 'aws4_request');
  const expected = hmac(key, toSign).toString('hex');
  return expected === signature ? null : `signature of another request:\n${canonical}`;
}

export const regionOf = ({ headers }: SignedRequest): string | undefined =>
  headers.authorization?.split('/')[2];
