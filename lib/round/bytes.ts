import { UnreadableRound } from './unreadable.ts';

/** Appends big-endian numbers. */
export class Writer {
  private view = new DataView(new ArrayBuffer(2048));
  private length = 0;

  /** An unsigned integer of 1 to 6 bytes. */
  uint(value: number, size: number): void {
    const at = this.grow(size);
    for (let n = size - 1, rest = value; n >= 0; n--, rest = Math.floor(rest / 256)) {
      this.view.setUint8(at + n, rest % 256);
    }
  }

  /** IEEE 754 binary16, rounded to nearest. */
  half(value: number): void {
    const at = this.grow(2);
    this.view.setFloat16(at, value);
  }

  raw(bytes: readonly number[]): void {
    for (const byte of bytes) this.uint(byte, 1);
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.view.buffer, 0, this.length).slice();
  }

  private grow(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.view.byteLength) {
      const larger = new Uint8Array(this.view.byteLength * 2);
      larger.set(new Uint8Array(this.view.buffer));
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}

/** Reads what Writer wrote. Every method throws UnreadableRound at the end of the bytes. */
export class Reader {
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint(size: number): number {
    const at = this.take(size);
    let value = 0;
    for (let n = 0; n < size; n++) value = value * 256 + this.view.getUint8(at + n);
    return value;
  }

  half(): number {
    return this.view.getFloat16(this.take(2));
  }

  raw(size: number): number[] {
    return Array.from({ length: size }, () => this.uint(1));
  }

  /** @throws UnreadableRound when bytes are left. */
  end(): void {
    if (this.at < this.view.byteLength) {
      throw new UnreadableRound(
        `a round is ${this.view.byteLength} bytes long where ${this.at} were expected`,
      );
    }
  }

  private take(size: number): number {
    const at = this.at;
    this.at += size;
    if (this.at > this.view.byteLength) {
      throw new UnreadableRound(`a round is cut off after ${this.view.byteLength} bytes`);
    }
    return at;
  }
}
