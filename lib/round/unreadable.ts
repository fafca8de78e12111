/** Bytes that are not a round of this version. */
export class UnreadableRound extends Error {
  override readonly name = 'UnreadableRound';
}
