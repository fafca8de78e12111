import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, FrameReader, goawayError } from '../../lib/probe/frames.ts';
import { H2, h2Frame } from '../support/servers.ts';

const frames = fc.array(
  fc.record({ type: fc.nat(255), flags: fc.nat(255), payload: fc.uint8Array({ maxLength: 300 }) }),
);
const brief = ({ type, flags, length, stream }: Frame): unknown => [type, flags, length, stream];

describe('cutting bytes into frames', () => {
  it('does not depend on how the bytes arrive', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 400 })), (sent, cuts) => {
        let bytes = Buffer.concat(sent.map(({ type, flags, payload }) => h2Frame(type, flags, payload)));
        const reader = new FrameReader();
        const read: Frame[] = [];
        for (const cut of [...cuts, bytes.length + 1]) {
          read.push(...reader.push(bytes.subarray(0, cut)));
          bytes = bytes.subarray(cut);
        }
        expect(reader.broken).toBe(false);
        expect(read.map(brief)).toEqual(
          sent.map(({ type, flags, payload }) => [type, flags, payload.length, 0]),
        );
      }),
    );
  });

  it('refuses frames longer than we allow, and text, and tells of what came before', () => {
    const broken = (bytes: Buffer): boolean => {
      const reader = new FrameReader();
      expect(reader.push(Buffer.concat([H2.settings, bytes]))).toHaveLength(1);
      return reader.broken;
    };
    expect(broken(Buffer.from('HTTP/1.1 400 Bad Request\r\n'))).toBe(true);
    expect(broken(Buffer.from([0, 64, 1, 0, 0, 0, 0, 0, 0]))).toBe(true);
  });

  it('names the error of a GOAWAY', () => {
    const nameOf = (bytes: Buffer): unknown =>
      new FrameReader().push(bytes).map((frame) => goawayError(frame));
    expect(nameOf(H2.goaway(11))).toEqual([{ code: 11, name: 'enhance_your_calm' }]);
    expect(nameOf(H2.goaway(99))).toEqual([{ code: 99, name: 'error_99' }]);
    expect(nameOf(h2Frame(7, 0, Buffer.alloc(3)))).toEqual([{ code: 1, name: 'protocol_error' }]);
  });
});
