import * as z from 'zod/mini';
import { alertJsonSchema } from '../alert/schema.ts';
import { ROUTES } from '../deployment/routes.ts';
import { ID_PATTERN, MAX_TAG_CHARACTERS } from '../endpoint/schema.ts';
import { type RouteHandler, routeKey } from './api.ts';
import { type Operation, PARAMETERS } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { onlyParameters } from './request.ts';
import { SCHEMAS, type SchemaName } from './schemas.ts';

const ETAG = { ETag: { description: 'The revision.', schema: { type: 'string' } } };
const HAS_ETAG = new Set<Operation['answers'][string]>(['Endpoint']);

const refTo = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });

function answerOf(status: string, schema: Operation['answers'][string]): Record<string, unknown> {
  if (schema === null) return { description: 'Done.' };
  const content = {
    'application/json': { schema: schema === 'object' ? { type: 'object' } : refTo(schema) },
  };
  const description = { 201: 'Created.', 202: 'Accepted.' }[status] ?? 'As asked.';
  return HAS_ETAG.has(schema) ? { description, headers: ETAG, content } : { description, content };
}

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});

const PATH_PARAMETERS = {
  id: { type: 'string', pattern: ID_PATTERN.source },
  tag: { type: 'string', minLength: 1, maxLength: MAX_TAG_CHARACTERS },
  dedupKey: { type: 'string' },
} as const;

function parametersOf(path: string, { query = [], conditional }: Operation): unknown[] {
  const inPath = Object.entries(PATH_PARAMETERS).filter(([name]) => path.includes(`{${name}}`));
  return [
    ...inPath.map(([name, schema]) => ({ name, in: 'path', required: true, schema })),
    ...query.map((name) => ({ name, in: 'query', ...PARAMETERS[name] })),
    ...(conditional ? [header('If-Match', 'Only if this is still the ETag.')] : []),
    ...(conditional ? [header('If-None-Match', '"*": only if there is no such endpoint.')] : []),
  ];
}

function operationOf(path: string, operation: Operation): Record<string, unknown> {
  const { operationId, summary, body, answers, problems } = operation;
  const content = body?.contentTypes.map((type) => [type, { schema: refTo(body.schema) }]) ?? [];
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
        [400, ...problems, 500].map((status) => [status, { $ref: '#/components/responses/Problem' }]),
      ),
    },
  };
}

/** What is sent; all others are answered. */
const SENT = new Set<string>(Object.values(OPERATIONS).flatMap(({ body }) => body?.schema ?? []));

function componentSchemas(): Record<string, unknown> {
  const names = Object.keys(SCHEMAS) as SchemaName[];
  const sent = schemasOf(
    names.filter((name) => SENT.has(name)),
    'input',
  );
  const answered = schemasOf(
    names.filter((name) => !SENT.has(name)),
    'output',
  );
  return { ...sent, ...answered };
}

function schemasOf(names: readonly SchemaName[], io: 'input' | 'output'): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const id of names) registry.add(SCHEMAS[id], { id });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: (id) => refTo(id).$ref,
    override({ zodSchema: { _zod: zod }, jsonSchema }) {
      // The format says it.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (io === 'input') return;
      // An answer has every field, whether somebody said it or not; and later ones may have more.
      delete jsonSchema.default;
      if (zod.def.type === 'object') delete jsonSchema.additionalProperties;
    },
  });
  // OpenAPI 3.1 section 4.8.24: the dialect is the document's, and components are named by their place in it.
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
  );
}

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
      description:
        'Which ports listen from some regions and are blocked from others. Times are RFC 3339 UTC.',
    },
    paths,
    components: {
      schemas: componentSchemas(),
      responses: {
        Problem: {
          description: 'What was wrong, as in RFC 9457.',
          content: { 'application/problem+json': { schema: refTo('Problem') } },
        },
      },
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
