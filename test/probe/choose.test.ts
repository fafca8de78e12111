import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMetadata } from '../../lib/endpoint/address.ts';
import { inTurn } from '../../lib/probe/choose.ts';

const PUBLIC = ['1.1.1.1', '8.8.8.8', '2606:4700:4700::1111'] as const;
const FORBIDDEN = [
  '10.0.0.1',
  '169.254.169.254',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  'fd00:ec2::254',
] as const;
const closed = { named: null, rotation: 0, allowPrivateAddresses: false };

describe('the order in which an answer is dialled', () => {
  it('begins elsewhere each slot, and with a named address as long as the answer has it', () => {
    const answer = ['1.1.1.1', '8.8.8.8', '9.9.9.9'] as const;
    expect(inTurn(answer, { ...closed, rotation: 1 })).toEqual(['8.8.8.8', '9.9.9.9', '1.1.1.1']);
    expect(inTurn(answer, { ...closed, named: '9.9.9.9' })).toEqual(['9.9.9.9', '1.1.1.1', '8.8.8.8']);
    expect(inTurn(answer, { ...closed, named: '4.4.4.4' })).toEqual(answer);
  });

  it('never has a forbidden address beside one that may be dialled, named or not, at any rotation', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...PUBLIC, ...FORBIDDEN), { minLength: 1 }),
        fc.option(fc.constantFrom(...PUBLIC, ...FORBIDDEN)),
        fc.nat(),
        ([first, ...others], named, rotation) => {
          if (first === undefined) return;
          const answer = [first, ...others] as const;
          const allowed = answer.filter((address) => PUBLIC.some((one) => one === address));
          const turned = inTurn(answer, { named, rotation, allowPrivateAddresses: false });
          expect([...turned].sort()).toEqual([...(allowed.length > 0 ? allowed : answer)].sort());
          const all = inTurn(answer, { named, rotation, allowPrivateAddresses: true });
          const open = answer.filter((address) => !isMetadata(address));
          expect([...all].sort()).toEqual([...(open.length > 0 ? open : answer)].sort());
        },
      ),
    );
  });
});
