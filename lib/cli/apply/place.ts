import type { FieldError } from '../../endpoint/field-error.ts';
import type { Mistake, Source } from './source.ts';

/** Where an endpoint's error was written: in the endpoint, in what it merges, in the defaults, or (missing) at its id. */
export function mistakeOf(source: Source, id: string, { pointer, message }: FieldError): Mistake {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const text = withoutField(message, keys[0]);
  const own = ['endpoints', id, ...keys];
  const there = source.find(own);
  if (there !== null) return { ...there, path: pathText(own), message: text };
  const byDefault = ['defaults', ...keys];
  const inDefaults = keys.length > 0 ? source.find(byDefault) : null;
  if (inDefaults !== null) return { ...inDefaults, path: pathText(byDefault), message: text };
  // A wrong list in the place of its item, the id in the place of what is missing.
  const parent = source.find(own.slice(0, -1)) ?? source.find(['endpoints', id]);
  return { ...(parent ?? { line: 1, column: 1 }), path: pathText(own), message: text };
}

/** The path says which field it is. */
const withoutField = (message: string, field: string | undefined): string =>
  field !== undefined && message.startsWith(`${field} `) ? message.slice(field.length + 1) : message;

const pathText = (keys: readonly string[]): string =>
  keys.reduce((path, key) =>
    /^\d+$/.test(key) && path.split('.').length > 2 ? `${path}[${key}]` : `${path}.${key}`,
  );

/** `parallax.yaml:12:5 endpoints.shop.port: must be …` */
export function mistakeLine(file: string, { line, column, path, message }: Mistake): string {
  return `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`;
}
