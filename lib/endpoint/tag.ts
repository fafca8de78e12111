import { crc32 } from 'node:zlib';

/**
 * The 32-bit name of an endpoint in packed rounds, members and attention. It is never a position, so that a place that is
 * used again cannot lend its history to the next endpoint.
 */
export function tagOf(endpoint: {
  readonly id: string;
  readonly createdAt: string;
  readonly host: string;
  readonly port: number;
}): number {
  return crc32(`${endpoint.id}\0${endpoint.createdAt}\0${endpoint.host}\0${endpoint.port}`);
}

/** Eight hex digits: the form of a tag where text is needed (item keys, queue messages). */
export function tagText(tag: number): string {
  return tag.toString(16).padStart(8, '0');
}
