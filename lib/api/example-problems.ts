import { type ProblemStatus, TITLES } from './problem.ts';

/** What a problem of each status says, but for what is the same in all. */
const SAID: Readonly<Record<ProblemStatus, { readonly detail: string; readonly [more: string]: unknown }>> = {
  400: {
    detail: 'port must be a whole number from 1 to 65535',
    errors: [{ pointer: '#/port', message: 'port must be a whole number from 1 to 65535' }],
  },
  404: {
    detail: 'there is no endpoint "shop": see GET /endpoints',
    errors: [{ parameter: 'id', message: 'there is no endpoint "shop": see GET /endpoints' }],
  },
  405: { detail: 'POST is not served here: use GET, PUT' },
  409: { detail: 'endpoint shop is still being deleted: try again in a few seconds' },
  412: {
    detail: 'If-Match does not hold, the present ETag is "4": read the endpoint again and repeat the change',
    errors: [
      {
        parameter: 'if-match',
        message:
          'If-Match does not hold, the present ETag is "4": read the endpoint again and repeat the change',
      },
    ],
  },
  413: { detail: 'the body must have at most 65536 bytes' },
  415: {
    detail: 'content-type must be application/json',
    errors: [{ parameter: 'content-type', message: 'content-type must be application/json' }],
  },
  429: { detail: 'as many checks were asked for within a minute as there may be: try again in 20 s' },
  500: {
    detail:
      'something failed here: search the log of the api function for 1f0c7a52-6a0e-4f0e-9b0a-2f4f3f8d1c11',
    requestId: '1f0c7a52-6a0e-4f0e-9b0a-2f4f3f8d1c11',
  },
};

/** A problem of each status, as it is answered. */
export const problemExample = (status: ProblemStatus) => ({
  type: 'about:blank',
  title: TITLES[status],
  status,
  ...SAID[status],
});
