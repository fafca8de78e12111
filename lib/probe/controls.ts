import { canonicalAddress } from '../endpoint/address.ts';
import { now } from './clock.ts';
import { gate } from './gate.ts';
import { attempt, type Target } from './ladder.ts';
import { CONTROL_MS } from './limits.ts';
import { Names } from './resolve.ts';

export interface ControlHealth {
  /** Whether at least half of the controls passed; without controls, true. */
  readonly healthy: boolean;
  readonly passed: number;
  readonly tried: number;
  /** Whether a control name resolved; null when no control has a name. */
  readonly resolved: boolean | null;
}

/** @throws when the text is not `HOST:PORT`; an IPv6 address stands in brackets. */
export function parseControl(control: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(control);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new Error(
      `the control "${control}" must be HOST:PORT, e.g. 1.1.1.1:443 or [2606:4700:4700::1111]:443`,
      {
        cause: { control },
      },
    );
  }
  return { host, port };
}

interface Tried {
  readonly passed: boolean;
  readonly resolved: boolean | null;
}

async function tryControl(control: string, names: Names): Promise<Tried> {
  const { host, port } = parseControl(control);
  const named = canonicalAddress(host) === null;
  const end = now() + CONTROL_MS;
  const answer = await names.lookUp(host, 'ipv4', CONTROL_MS);
  if (!answer.ok) return { passed: false, resolved: false };
  const resolved = named ? true : null;
  const [address] = answer.addresses;
  if (!(await gate.pass(address, end))) return { passed: false, resolved };
  const target: Target = {
    tag: 0,
    host,
    port,
    handshake: 'tcp',
    addressFamily: 'ipv4',
    certificate: 'ignore',
  };
  // The deployment's owner chose the controls, so they may lie in the owner's own network.
  const { observation } = await attempt(
    target,
    { address, at: Date.now() },
    { allowPrivateAddresses: true, deadlineMs: end - now() },
  );
  return { passed: observation.passed, resolved };
}

/**
 * Shakes hands once with every control, all at the same time, within 2 s. A control that is a name also shows whether the
 * resolver works.
 */
export async function tryControls(
  controls: readonly string[],
  resolver: string | null,
): Promise<ControlHealth> {
  const names = new Names(resolver);
  try {
    const tries = await Promise.all(controls.map((control) => tryControl(control, names)));
    const passed = tries.filter((tried) => tried.passed).length;
    const named = tries.filter((tried) => tried.resolved !== null);
    return {
      healthy: 2 * passed >= tries.length,
      passed,
      tried: tries.length,
      resolved: named.length === 0 ? null : named.some((tried) => tried.resolved === true),
    };
  } finally {
    names.close();
  }
}
