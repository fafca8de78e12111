// Says what a prober finds out about its clock, and how it then times a handshake: `clock-child.ts BUNDLE [FAULT]`. The fault
// comes first: `errno:N` (see refuseTcpInfo) or `platform:NAME`.
import { tcpServer } from './servers.ts';

const [, , bundle = '', faultAndValue = ''] = process.argv;
const [fault, value = ''] = faultAndValue.split(':');
if (fault === 'errno') (await import('./seccomp.ts')).refuseTcpInfo(Number(value));
if (fault === 'platform') Object.defineProperty(process, 'platform', { value });

const { checkClock, dial } = await import(bundle);
const check = await checkClock();
const peer = await tcpServer();
const { ok, clock } = await dial(peer.address, peer.port, 500);
console.log(JSON.stringify({ check, dialled: { ok, clock } }));
process.exit();
