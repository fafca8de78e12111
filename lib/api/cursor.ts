import { BadCursor, decodeCursor, encodeCursor } from '../store/cursor.ts';
import { badParameter, type Problem } from './problem.ts';
import type { ApiRequest } from './request.ts';

/** `next` of a page: opaque to the caller and bound to the list it came from. */
export const nextOf = (list: string, position: string): string => encodeCursor(list, position);

/**
 * Where `?next=` says that a list goes on.
 *
 * @param pattern - of a position of this list; its groups are returned.
 * @throws Problem 400 when this list never gave such a cursor.
 */
export function positionOf(request: ApiRequest, list: string, pattern: RegExp): readonly string[] | null {
  const cursor = request.query.get('next');
  if (cursor === undefined) return null;
  try {
    const { sk } = decodeCursor(cursor, list, (position) => pattern.test(position));
    return pattern.exec(sk)?.slice(1) ?? [];
  } catch (error) {
    throw error instanceof BadCursor ? badCursor() : error;
  }
}

export const badCursor = (): Problem =>
  badParameter('next', 'is not a cursor of this list: give the "next" of the page before, or leave it out');
