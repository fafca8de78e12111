import { Problem } from './problem.ts';
import type { ApiRequest } from './request.ts';

/** The entity tag of a revision, as in RFC 9110 section 8.8.3. */
export const etagOf = (revision: number): string => `"${revision}"`;

/**
 * Looks at If-Match and If-None-Match (RFC 9110 section 13.1) before something is changed.
 *
 * @param revision - of what is stored; null when nothing is.
 * @throws Problem 412 when the caller wants another state than the present one, 400 for a header that cannot be read.
 */
export function checkPreconditions(request: ApiRequest, revision: number | null): void {
  const ifMatch = request.header('if-match');
  if (ifMatch !== undefined && !matches('if-match', ifMatch, revision)) {
    const present =
      revision === null ? 'there is no such endpoint' : `the present ETag is ${etagOf(revision)}`;
    throw failed(
      'if-match',
      `If-Match does not hold, ${present}: read the endpoint again and repeat the change`,
    );
  }
  const ifNoneMatch = request.header('if-none-match');
  if (ifNoneMatch !== undefined && matches('if-none-match', ifNoneMatch, revision)) {
    throw failed(
      'if-none-match',
      'If-None-Match does not hold, the endpoint exists: leave the header out to replace it',
    );
  }
}

function matches(header: string, value: string, revision: number | null): boolean {
  if (value.trim() === '*') return revision !== null;
  const tags = value.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => /^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(tag))) {
    const message = `${header} must be * or an ETag as it was given, with its quotes`;
    throw new Problem(400, message, { errors: [{ parameter: header, message }] });
  }
  return revision !== null && tags.includes(etagOf(revision));
}

const failed = (parameter: string, message: string): Problem =>
  new Problem(412, message, { errors: [{ parameter, message }] });
