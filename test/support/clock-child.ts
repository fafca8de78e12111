// Says what a prober finds out about its clock, and how it then times a handshake: `clock-child.ts BUNDLE FAULT [PORT]`, with the
// port of somebody else or one of its own. The fault comes first: `errno:N` (see refuseTcpInfo), `platform:NAME` or empty.
import { tcpServer } from './servers.ts';

const [, , bundle = '', faultAndValue = '', port] = process.argv;
const [fault, value = ''] = faultAndValue.split(':');
if (fault === 'errno') (await import('./seccomp.ts')).refuseTcpInfo(Number(value));
if (fault === 'platform') Object.defineProperty(process, 'platform', { value });

const { checkClock, dial, loopWatch } = await import(bundle);
const check = await checkClock();
const peer = port === undefined ? await tcpServer() : { address: '127.0.0.1', port: Number(port) };
loopWatch.hold();
const { ok, clock, synRetransmits } = await dial(peer.address, peer.port, 1500);
console.log(JSON.stringify({ check, dialled: { ok, clock, synRetransmits } }));
process.exit();
