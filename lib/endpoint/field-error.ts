import type * as z from 'zod/mini';
import { nearest } from './nearest.ts';

/** What is wrong with one field of a body: an RFC 6901 pointer as a URI fragment, and the remedy. */
export interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

const MAX_KEY_CHARACTERS = 64;
/** A body may break a rule thousands of times; the first ones are enough to mend it. */
export const MAX_ERRORS = 20;

const escaped = (key: PropertyKey): string =>
  shortened(String(key)).replaceAll('~', '~0').replaceAll('/', '~1');

const shortened = (text: string): string =>
  text.length > MAX_KEY_CHARACTERS
    ? `${text.slice(0, MAX_KEY_CHARACTERS)}…`.toWellFormed()
    : text.toWellFormed();

/**
 * The issues of a failed parse, one entry a field; unknown fields are each named.
 *
 * @param nested - the known fields of objects in the body, by their name there.
 */
export function fieldErrors(
  error: z.core.$ZodError,
  known: readonly string[],
  nested: Readonly<Record<string, readonly string[]>> = {},
): readonly FieldError[] {
  const byPointer = new Map<string, FieldError>();
  for (const issue of error.issues) {
    const path = issue.path.map((key) => `/${escaped(key)}`).join('');
    const fields = nested[String(issue.path[0])] ?? known;
    const entries =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({
            pointer: `#${path}/${escaped(key)}`,
            message: `unknown field ${JSON.stringify(shortened([...issue.path, key].join('.')))}: ${remedy(key, fields)}`,
          }))
        : [{ pointer: `#${path}`, message: issue.message }];
    for (const entry of entries) if (!byPointer.has(entry.pointer)) byPointer.set(entry.pointer, entry);
  }
  return [...byPointer.values()].slice(0, MAX_ERRORS);
}

function remedy(key: string, fields: readonly string[]): string {
  const meant = nearest(shortened(key), fields);
  return meant === null
    ? `leave it out; known are ${fields.join(', ')}`
    : `did you mean ${JSON.stringify(meant)}?`;
}
