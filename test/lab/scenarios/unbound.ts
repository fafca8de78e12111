import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import { type NetworkScenario, REGIONS } from '../scenario.ts';
import { until } from '../shell.ts';
import type { Host } from '../world.ts';
import { DOWN, tcp } from './parts.ts';

const NAME = 'recursive.lab.test';
const RESOLVER_PORT = 5300;
const AUTHORITY_PORT = 5301;

/** One unbound on a host, which caches nothing: neither answers nor, asked often, that a server has been silent. */
async function unbound(lab: Lab, at: Host, port: number, ...lines: readonly string[]): Promise<ChildProcess> {
  const file = join(lab.world.directory, `unbound-${port}.conf`);
  await writeFile(
    file,
    `server:
       interface: 0.0.0.0@${port}
       access-control: 0.0.0.0/0 allow
       do-daemonize: no
       use-syslog: no
       logfile: "${file}.log"
       verbosity: 0
       username: ""
       chroot: ""
       pidfile: ""
       directory: "${lab.world.directory}"
       module-config: "iterator"
       do-not-query-localhost: no
       local-zone: "test." nodefault
       cache-max-ttl: 0
       infra-host-ttl: 0
       ${lines.join('\n')}`,
  );
  const child = lab.world.start(at, ['unbound', '-c', file]);
  const listens = async (): Promise<boolean> => (await lab.world.in(at, 'ss', '-lunH')).includes(`:${port} `);
  await until(`unbound on port ${port}`, listens);
  return child;
}

/** A real resolver whose only name server has ended: it says SERVFAIL. */
export const unboundScenario: NetworkScenario = {
  name: 'the name server behind a recursive resolver has ended',
  arrange: async (lab) => {
    const { address } = await lab.address();
    const host = await lab.world.host('unbound');
    const authority = (): Promise<ChildProcess> =>
      unbound(
        lab,
        host,
        AUTHORITY_PORT,
        'local-zone: "lab.test." static',
        `local-data: "${NAME}. 60 IN A ${address}"`,
      );
    const resolver = (): Promise<ChildProcess> =>
      unbound(
        lab,
        host,
        RESOLVER_PORT,
        // It would ask five times, for longer than anybody waits.
        'outbound-msg-retry: 1',
        'forward-zone:',
        'name: "."',
        `forward-addr: 127.0.0.1@${AUTHORITY_PORT}`,
      );
    let serving = await authority();
    let asked = await resolver();
    for (const region of REGIONS) lab.names[region].set(NAME, { relay: `${host.address}:${RESOLVER_PORT}` });
    return {
      endpoint: tcp(NAME),
      fault: () => lab.world.stop(serving),
      mend: async () => {
        // It remembers for some seconds that nobody answered.
        await lab.world.stop(asked);
        serving = await authority();
        asked = await resolver();
      },
    };
  },
  sees: {
    others: { stage: 'dns', outcome: 'servfail', evidence: 'unresolved', errno: 'ESERVFAIL' },
  },
  verdict: DOWN.unresolved,
};
