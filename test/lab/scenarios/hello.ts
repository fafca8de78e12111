import type { Meddling } from '../middlebox.ts';
import { type NetworkScenario, PASSES, type Seen } from '../scenario.ts';
import { ALONE, DOWN, HELLO_RESET, HELLO_SILENCE, http2, match, PARTIAL, ruled } from './parts.ts';

type From = 'everywhere' | typeof ALONE;

const seenFrom = (from: From, seen: Seen): Pick<NetworkScenario, 'sees' | 'verdict'> =>
  from === ALONE
    ? { sees: { [ALONE]: seen, others: PASSES }, verdict: PARTIAL.blocked }
    : { sees: { others: seen }, verdict: DOWN.handshake };

/** A firewall that looks for a handshake record (type 22, RFC 8446 section 5.1) at the beginning of what is sent. */
function afterHello(what: string, from: From, action: string, seen: Seen): NetworkScenario {
  return {
    name: `${what} after the ClientHello, ${from}`,
    arrange: async (lab) => {
      const { address } = await lab.address();
      const source = from === ALONE ? match('saddr', lab.regions[ALONE].address) : '';
      const rule = `${match('daddr', address)} ${source} tcp dport 443 @ih,0,8 22 ${action}`;
      return { endpoint: http2(address), ...ruled(lab, lab.shops, 'input', rule) };
    },
    ...seenFrom(from, seen),
  };
}

/** A middlebox that dislikes one server name. The same address with another name passes all the time. */
function forName(act: Meddling['act'], from: From, seen: Seen): NetworkScenario {
  return {
    name: `${act} for one server name, ${from}`,
    arrange: async (lab) => {
      const at = await lab.middlebox.address();
      const name = 'disliked.lab.test';
      const only = from === ALONE ? lab.regions[ALONE].address : null;
      return {
        endpoint: http2(at.address, name),
        beside: http2(at.address),
        fault: () => lab.middlebox.meddle(at, { name, act, from: only }),
        mend: () => lab.middlebox.meddle(at, null),
      };
    },
    ...seenFrom(from, seen),
  };
}

/** A path on which large packets vanish, and nobody says so (RFC 2923 section 2.1): the certificate never arrives. */
function largeOnesVanish(from: From): NetworkScenario {
  return {
    name: `packets over 1,000 bytes vanish, ${from}`,
    arrange: async (lab) => {
      const { address } = await lab.address();
      const to = from === ALONE ? match('daddr', lab.regions[ALONE].address) : '';
      const rule = `${match('saddr', address)} ${to} tcp sport 443 meta length > 1000 drop`;
      return { endpoint: http2(address), ...ruled(lab, lab.shops, 'output', rule) };
    },
    ...seenFrom(from, HELLO_SILENCE),
  };
}

export const HELLO_SCENARIOS: readonly NetworkScenario[] = [
  afterHello('reset', 'everywhere', 'reject with tcp reset', HELLO_RESET),
  afterHello('reset', ALONE, 'reject with tcp reset', HELLO_RESET),
  afterHello('silence', 'everywhere', 'drop', HELLO_SILENCE),
  afterHello('silence', ALONE, 'drop', HELLO_SILENCE),
  forName('reset', 'everywhere', HELLO_RESET),
  forName('reset', ALONE, HELLO_RESET),
  forName('silence', 'everywhere', HELLO_SILENCE),
  forName('silence', ALONE, HELLO_SILENCE),
  forName('close', ALONE, { stage: 'tls', outcome: 'closed', evidence: 'interfered' }),
  largeOnesVanish('everywhere'),
  largeOnesVanish(ALONE),
];
