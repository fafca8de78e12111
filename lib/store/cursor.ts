/** Raised when the form of a cursor changes: old ones are then refused and not misread. */
const VERSION = 1;

/** A cursor that is not one of ours, or not of this list. The caller is to start without one. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}

/** Says where a list goes on: after this item. base64url of `[version, pk, sk]`. */
export function encodeCursor(pk: string, sk: string): string {
  return Buffer.from(JSON.stringify([VERSION, pk, sk])).toString('base64url');
}

/**
 * The key after which to go on.
 * @param isSk whether a sort key is one that this list can hold.
 * @throws BadCursor when it is not a cursor of this version, of partition `pk`, or its sort key does not fit.
 */
export function decodeCursor(
  cursor: string,
  pk: string,
  isSk: (sk: string) => boolean,
): { readonly pk: string; readonly sk: string } {
  const parts = parse(cursor);
  const [version, ofPk, sk] = parts;
  if (version !== VERSION || parts.length !== 3 || ofPk !== pk || typeof sk !== 'string' || !isSk(sk)) {
    throw new BadCursor('this cursor is not of this list: leave it out to begin at the start', {
      cause: { cursor },
    });
  }
  return { pk, sk };
}

function parse(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch (cause) {
    throw new BadCursor('this is not a cursor: leave it out to begin at the start', { cause });
  }
}
