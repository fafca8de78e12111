import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { FieldError } from '../endpoint/field-error.ts';

/** Titles are those of RFC 9110 section 15 (429: RFC 6585 section 4), as `about:blank` asks for (RFC 9457 section 4.2.1). */
export const TITLES = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
} as const;
export type ProblemStatus = keyof typeof TITLES;

/** What is wrong with something that is not in the body: a query or path parameter, or a header. */
export interface ParameterError {
  readonly parameter: string;
  readonly message: string;
}

interface ProblemOptions {
  readonly errors?: readonly (FieldError | ParameterError)[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A refusal that its caller can do something about. `detail` is one line that says what. */
export class Problem extends Error {
  readonly status: ProblemStatus;
  readonly errors: readonly (FieldError | ParameterError)[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: ProblemStatus, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.name = 'Problem';
    this.status = status;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }
}

/** 400 for fields of the body; the detail is the first message. */
export function badFields(errors: readonly FieldError[]): Problem {
  return new Problem(400, summary(errors), { errors });
}

/** 400 for one query parameter, path parameter or header. */
export function badParameter(parameter: string, remedy: string): Problem {
  const message = `${parameter} ${remedy}`;
  return new Problem(400, message, { errors: [{ parameter, message }] });
}

function summary(errors: readonly FieldError[]): string {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return `${first?.message ?? 'the body is not valid'}${more}`;
}

export type ApiEvent = APIGatewayProxyEventV2;
export type ApiResult = APIGatewayProxyStructuredResultV2;

/** `no-store`, because every answer is about now; `nosniff`, because names in it are written by users. */
export const COMMON_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/**
 * The one place where errors become answers: application/problem+json as in RFC 9457. What is not a Problem is a fault of
 * ours: 500 with the request's id to search the log for, and one line of log.
 */
export const problems = (): MiddlewareObj<ApiEvent, ApiResult> => ({
  onError(request) {
    const { error, context } = request;
    const known = error instanceof Problem;
    const requestId = context.awsRequestId;
    if (!known) {
      const { stack } = error instanceof Error ? error : { stack: String(error) };
      const cause = error instanceof Error ? String(error.cause ?? '') : '';
      console.error(JSON.stringify({ message: 'request failed', requestId, error: stack, cause }));
    }
    const status = known ? error.status : 500;
    const detail = known
      ? error.message
      : `something failed here: search the log of the api function for ${requestId}`;
    const errors = known && error.errors.length > 0 ? { errors: error.errors } : {};
    request.response = {
      statusCode: status,
      headers: {
        ...COMMON_HEADERS,
        'content-type': 'application/problem+json',
        ...(known ? error.headers : {}),
      },
      body: JSON.stringify({
        type: 'about:blank',
        title: TITLES[status],
        status,
        detail,
        ...(known ? {} : { requestId }),
        ...errors,
      }),
    };
  },
});
