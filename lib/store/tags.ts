const TAG_BYTES = 4;

/** Tags as 4 big-endian bytes each, in ascending order so that equal sets are equal bytes. */
export function packTags(tags: ReadonlySet<number>): Uint8Array {
  const bytes = Buffer.alloc(tags.size * TAG_BYTES);
  const sorted = [...tags].sort((a, b) => a - b);
  sorted.forEach((tag, position) => {
    bytes.writeUInt32BE(tag, position * TAG_BYTES);
  });
  return bytes;
}

/** @throws when the bytes are not a whole number of tags. */
export function unpackTags(bytes: Uint8Array): ReadonlySet<number> {
  if (bytes.length % TAG_BYTES !== 0) {
    throw new Error(`packed tags are ${bytes.length} bytes long, not a multiple of ${TAG_BYTES}`, {
      cause: { bytes },
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tags = new Set<number>();
  for (let at = 0; at < bytes.length; at += TAG_BYTES) tags.add(view.getUint32(at));
  return tags;
}
