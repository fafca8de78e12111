import { climbAll } from '../../lib/probe/group.ts';

/** Climbs once to ADDRESS:PORT with tcp and prints the observation: run where the prober is to stand. */
const [address = '', port = ''] = process.argv.slice(2);
const target = {
  tag: 1,
  host: address,
  port: Number(port),
  handshake: 'tcp',
  addressFamily: 'ipv4',
  certificate: 'verify',
} as const;
const { observations } = await climbAll(
  [{ target, address: null, pin: 'if_resolved', orOther: false, rotation: 0 }],
  { resolver: null, allowPrivateAddresses: true, ipv6: true, controls: [], sourceAddress: () => null },
);
console.log(JSON.stringify(observations[0]));
