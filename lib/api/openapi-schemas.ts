import * as z from 'zod/mini';
import { OPERATIONS } from './operations.ts';
import { SCHEMAS, type SchemaName } from './schemas.ts';

export const refTo = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });

/** What is sent; all others are answered. */
const SENT = new Set<string>(Object.values(OPERATIONS).flatMap(({ body }) => body?.schema ?? []));

/** All schemas by their names, as JSON Schema. */
export function componentSchemas(): Record<string, unknown> {
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
