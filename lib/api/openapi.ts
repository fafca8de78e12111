import { alertJsonSchema } from '../alert/schema.ts';
import { ROUTES } from '../deployment/routes.ts';
import { ID_PATTERN, MAX_TAG_CHARACTERS } from '../endpoint/schema.ts';
import { type RouteHandler, routeKey } from './api.ts';
import { problemExample } from './example-problems.ts';
import { EXAMPLES } from './examples.ts';
import { componentSchemas, refTo } from './openapi-schemas.ts';
import { type Operation, PARAMETERS } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { type ProblemStatus, TITLES } from './problem.ts';
import { onlyParameters } from './request.ts';
import type { SchemaName } from './schemas.ts';

const ETAG = { ETag: { description: 'The revision.', schema: { type: 'string' }, example: '"3"' } };
const HAS_ETAG = new Set<Operation['answers'][string]>(['Endpoint']);

function answerOf(status: string, schema: Operation['answers'][string]): Record<string, unknown> {
  if (schema === null) return { description: 'Done.' };
  const shape = schema === 'object' ? { schema: { type: 'object' } } : exampleOf(schema);
  const content = { 'application/json': shape };
  const description = { 201: 'Created.', 202: 'Accepted.' }[status] ?? 'As asked.';
  return HAS_ETAG.has(schema) ? { description, headers: ETAG, content } : { description, content };
}

const exampleOf = (schema: SchemaName) => ({
  schema: refTo(schema),
  ...(Object.hasOwn(EXAMPLES, schema) ? { example: new Map(Object.entries(EXAMPLES)).get(schema) } : {}),
});

const header = (name: string, description: string, example: string) => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
  example,
});

const PATH_PARAMETERS = {
  id: { schema: { type: 'string', pattern: ID_PATTERN.source }, example: 'shop' },
  tag: { schema: { type: 'string', minLength: 1, maxLength: MAX_TAG_CHARACTERS }, example: 'db' },
  dedupKey: { schema: { type: 'string' }, example: 'shop-mi6wq3mg' },
} as const;

function parametersOf(path: string, { query = [], conditional }: Operation): unknown[] {
  const inPath = Object.entries(PATH_PARAMETERS).filter(([name]) => path.includes(`{${name}}`));
  return [
    ...inPath.map(([name, said]) => ({ name, in: 'path', required: true, ...said })),
    ...query.map((name) => ({ name, in: 'query', ...PARAMETERS[name] })),
    ...(conditional ? [header('If-Match', 'Only if this is still the ETag.', '"3"')] : []),
    ...(conditional ? [header('If-None-Match', '"*": only if there is no such endpoint.', '*')] : []),
  ];
}

/** `TooManyRequests`, … */
const responseName = (status: ProblemStatus): string => TITLES[status].replaceAll(' ', '');

function operationOf(path: string, operation: Operation): Record<string, unknown> {
  const { operationId, summary, body, answers, problems } = operation;
  const content = body?.contentTypes.map((type) => [type, exampleOf(body.schema)]) ?? [];
  return {
    operationId,
    summary,
    parameters: parametersOf(path, operation),
    ...(body ? { requestBody: { required: !body.optional, content: Object.fromEntries(content) } } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [status, answerOf(status, schema)]),
      ),
      ...Object.fromEntries(
        ([400, ...problems, 500] as const).map((status) => [
          status,
          { $ref: `#/components/responses/${responseName(status)}` },
        ]),
      ),
    },
  };
}

/** Every status that a problem has somewhere, RFC 9457. */
function problemResponses(): Record<string, unknown> {
  const used = new Set<ProblemStatus>([
    400,
    ...Object.values(OPERATIONS).flatMap((one) => one.problems),
    500,
  ]);
  return Object.fromEntries(
    [...used].map((status) => [
      responseName(status),
      {
        description: `${TITLES[status]}: what was wrong and what to do, as in RFC 9457.`,
        content: {
          'application/problem+json': { schema: refTo('Problem'), example: problemExample(status) },
        },
      },
    ]),
  );
}

/** On AWS requests are signed (IAM), on one machine they are not. */
const SIGNED = {
  type: 'apiKey',
  name: 'Authorization',
  in: 'header',
  description: 'AWS Signature Version 4, service execute-api: the caller needs execute-api:Invoke.',
  'x-amazon-apigateway-authtype': 'awsSigv4',
};

const SERVERS = [
  { url: 'http://127.0.0.1:7400', description: 'parallax local' },
  {
    url: 'https://{api}.execute-api.{region}.amazonaws.com',
    description: 'A deployment: the output ApiUrl of its home stack',
    variables: {
      api: { default: 'ab12cd34ef', description: 'The id that AWS gave it.' },
      region: { default: 'eu-west-1', description: 'Its home region.' },
    },
  },
];

/** The OpenAPI 3.1 document: routes as deployed, shapes from the schemas that validate. */
export function openApi(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES) {
    const { method, path } = route;
    const operations = paths[path] ?? {};
    paths[path] = operations;
    operations[method.toLowerCase()] = operationOf(path, OPERATIONS[routeKey(route)]);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Parallax',
      version: '1',
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
      description:
        'Which ports listen from some regions and are blocked from others. Times are RFC 3339 UTC.',
    },
    servers: SERVERS,
    security: [{ signed: [] }, {}],
    paths,
    components: {
      schemas: componentSchemas(),
      responses: problemResponses(),
      securitySchemes: { signed: SIGNED },
    },
  };
}

let document: Record<string, unknown> | undefined;

export const getOpenApi: RouteHandler = (request) => {
  onlyParameters(request, []);
  document ??= openApi();
  return { status: 200, body: document };
};

let alertSchema: object | undefined;

/** What the json format looks like, for those who receive it. */
export const getAlertSchema: RouteHandler = (request) => {
  onlyParameters(request, []);
  alertSchema ??= alertJsonSchema();
  return { status: 200, body: alertSchema };
};
