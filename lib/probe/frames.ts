/** Frame types of RFC 9113 section 6 that a prober looks at. */
export const SETTINGS = 4;
export const GOAWAY = 7;
export const ACK = 1;

/** SETTINGS_MAX_FRAME_SIZE while we announce no other (RFC 9113 section 6.5.2). */
const LONGEST_FRAME = 16_384;
const HEADER_BYTES = 9;
/** Of a payload only so much is kept: GOAWAY's last stream and error code. */
const KEPT_BYTES = 8;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly length: number;
  /** The first 8 bytes of the payload at most. */
  readonly head: Buffer;
}

function frame(type: number, flags: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  return Buffer.concat([header, payload]);
}

const empty = Buffer.alloc(0);

/** The client's connection preface and an empty SETTINGS (RFC 9113 section 3.4). */
export const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame(SETTINGS, 0, empty),
]);
/** Acknowledges the peer's SETTINGS, and goes: last stream 0, NO_ERROR. */
export const ACKNOWLEDGE = frame(SETTINGS, ACK, empty);
export const GO = frame(GOAWAY, 0, Buffer.alloc(8));

/** Names of the error codes of RFC 9113 section 7, in their order. */
export const HTTP2_ERRORS = [
  'no_error',
  'protocol_error',
  'internal_error',
  'flow_control_error',
  'settings_timeout',
  'stream_closed',
  'frame_size_error',
  'refused_stream',
  'cancel',
  'compression_error',
  'connect_error',
  'enhance_your_calm',
  'inadequate_security',
  'http_1_1_required',
] as const;

/** The error code of a GOAWAY frame and its name. */
export function goawayError(goaway: Frame): { readonly code: number; readonly name: string } {
  const code = goaway.head.length >= KEPT_BYTES ? goaway.head.readUInt32BE(4) : 1;
  return { code, name: HTTP2_ERRORS[code] ?? `error_${code}` };
}

/** Cuts a byte stream into frames, keeping no more than one header and 8 bytes of payload. */
export class FrameReader {
  #pending: Buffer = empty;
  /** Payload bytes of the present frame that are still to be skipped. */
  #skip = 0;
  /** Whether what follows the frames so far is none. */
  broken = false;

  /** @returns the frames that became readable, up to the first bytes that are no HTTP/2 frame. */
  push(chunk: Buffer): readonly Frame[] {
    const frames: Frame[] = [];
    let rest = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    this.#pending = empty;
    while (rest.length > 0) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, rest.length);
        this.#skip -= skipped;
        rest = rest.subarray(skipped);
        continue;
      }
      const length = rest.length >= HEADER_BYTES ? rest.readUIntBE(0, 3) : 0;
      if (length > LONGEST_FRAME) {
        this.broken = true;
        break;
      }
      const kept = Math.min(length, KEPT_BYTES);
      if (rest.length < HEADER_BYTES + kept) {
        this.#pending = Buffer.from(rest);
        break;
      }
      frames.push({
        length,
        type: rest.readUInt8(3),
        flags: rest.readUInt8(4),
        stream: rest.readUInt32BE(5) & 0x7fffffff,
        head: rest.subarray(HEADER_BYTES, HEADER_BYTES + kept),
      });
      this.#skip = length - kept;
      rest = rest.subarray(HEADER_BYTES + kept);
    }
    return frames;
  }
}
