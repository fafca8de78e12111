import { canonicalAddress, mayBeDialled } from '../endpoint/address.ts';
import { rotated } from './resolve.ts';

export interface ChooseOptions {
  /** An address that somebody has named comes first, as long as it is in the answer; null: none. */
  readonly named: string | null;
  /** The number of the slot: the sorted answer begins at another place each time. */
  readonly rotation: number;
  readonly allowPrivateAddresses: boolean;
}

/**
 * The addresses of an answer in the order in which to dial them. A forbidden one among others is left out: it can say nothing of
 * the port, and a round spent on it would say nothing of the others either. Where there is nothing else they are kept, for the
 * ladder to refuse and to show.
 */
export function inTurn(
  addresses: readonly [string, ...string[]],
  { named, rotation, allowPrivateAddresses }: ChooseOptions,
): readonly [string, ...string[]] {
  const allowed = addresses.filter((address) => mayBeDialled(address, allowPrivateAddresses));
  const turned = rotated(allowed.length > 0 ? allowed : addresses, rotation);
  const pinned = named === null ? null : canonicalAddress(named);
  const [first = addresses[0], ...others] = turned;
  if (pinned === null || !turned.includes(pinned)) return [first, ...others];
  return [pinned, ...turned.filter((address) => address !== pinned)];
}
