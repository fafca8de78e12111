import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, test } from 'vitest';
import { EXAMPLES } from '../../lib/api/examples.ts';
import { openApi } from '../../lib/api/openapi.ts';
import { OPERATIONS } from '../../lib/api/operations.ts';
import { HANDLERS } from '../../lib/api/routes.ts';
import { SCHEMAS } from '../../lib/api/schemas.ts';
import { ROUTES } from '../../lib/deployment/routes.ts';
import { INTERVALS } from '../../lib/endpoint/endpoint.ts';
import { RULES } from '../../lib/verdict/verdict.ts';

// Only what a reader gets: the document as JSON.
const document = JSON.parse(JSON.stringify(openApi()));

function* nodes(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const child of Object.values(value)) yield* nodes(child);
}

/** RFC 6901, or undefined. */
function at(pointer: string): unknown {
  return pointer
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
}

describe('the OpenAPI document', () => {
  test('has exactly the deployed routes', () => {
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const deployed = ROUTES.map(({ method, path }) => `${method} ${path}`);
    expect(described.sort()).toEqual([...deployed].sort());
    expect(Object.keys(OPERATIONS).sort()).toEqual([...deployed].sort());
    expect(Object.keys(HANDLERS).sort()).toEqual([...deployed].sort());
  });

  test('every $ref resolves inside it', () => {
    const refs = [...nodes(document)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    expect(refs.length).toBeGreaterThan(40);
    for (const ref of refs) {
      expect(ref).toMatch(/^#\/components\//);
      expect(at(ref), ref).toBeDefined();
    }
  });

  test('every component is used, every operation has an id, a summary and its path parameters', () => {
    const refs = new Set([...nodes(document)].map(({ $ref }) => $ref));
    for (const name of Object.keys(document.components.schemas)) {
      expect(refs, name).toContain(`#/components/schemas/${name}`);
    }
    const ids = new Set<string>();
    for (const { method, path } of ROUTES) {
      const operation = document.paths[path][method.toLowerCase()];
      ids.add(operation.operationId);
      expect(operation.summary).toMatch(/\.$/);
      const inPath = operation.parameters
        .filter((p: { in: string }) => p.in === 'path')
        .map((p: { name: string }) => p.name);
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '500']));
    }
    expect(ids.size).toBe(ROUTES.length);
  });

  test('is made of the schemas that validate', () => {
    const { EndpointInput, EndpointPatch, Verdict } = document.components.schemas;
    expect(EndpointInput).toMatchObject({
      type: 'object',
      required: ['host', 'port', 'handshake'],
      additionalProperties: false,
      properties: {
        port: { type: 'integer', minimum: 1, maximum: 65_535 },
        intervalSeconds: { enum: [...INTERVALS], default: 60 },
        name: { minLength: 1, maxLength: 100 },
        tags: { maxItems: 20 },
        host: { description: expect.any(String) },
      },
    });
    expect(EndpointPatch.required).toBeUndefined();
    expect(EndpointPatch.additionalProperties).toBe(false);
    expect(JSON.stringify(EndpointPatch.properties.team)).toMatch(/null/);
    expect(JSON.stringify(EndpointPatch.properties.port)).not.toMatch(/null/);
    expect(Verdict.properties.rule.enum).toEqual([...RULES]);
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
  });

  test('has an example of everything that is sent and answered, which is what the schemas say', () => {
    const bodies = (content: Record<string, { example?: unknown; schema: { $ref?: string } }> = {}) =>
      Object.values(content);
    for (const { method, path } of ROUTES) {
      const { parameters, requestBody, responses } = document.paths[path][method.toLowerCase()];
      for (const parameter of parameters) expect(parameter.example, parameter.name).toBeDefined();
      const answers = Object.values<{ $ref?: string; content?: Parameters<typeof bodies>[0] }>(responses);
      const all = [requestBody, ...answers].flatMap((one) =>
        bodies(
          one?.$ref ? document.components.responses[one.$ref.split('/').at(-1) ?? ''].content : one?.content,
        ),
      );
      for (const { example, schema } of all) {
        if (schema.$ref !== undefined) expect(example, `${method} ${path}`).toBeDefined();
      }
    }
    for (const [name, example] of Object.entries(EXAMPLES)) {
      expect(SCHEMAS[name as keyof typeof EXAMPLES].parse(example), name).toMatchObject(example);
    }
    for (const { content } of Object.values<{ content: Record<string, { example: { status: number } }> }>(
      document.components.responses,
    )) {
      const { example } = content['application/problem+json'] ?? {};
      expect(SCHEMAS.Problem.parse(example)).toEqual(example);
    }
  });

  test('is as the linter recommends, without a warning', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const source = JSON.stringify(document);
    const found = await lintFromString({ source, absoluteRef: '/openapi.json', config });
    const told = found.map(
      ({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`,
    );
    expect(told).toEqual([]);
  });
});
