import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempt } from '../../lib/probe/ladder.ts';
import { inUserNamespace } from './privileges.ts';
import { type LabCertificates, labCertificates } from './servers/certificates.ts';
import { observationOf } from './servers/expectation.ts';
import { FAMILIES } from './servers/families.ts';
import type { Family, Row } from './servers/family.ts';
import { find, Site } from './servers/site.ts';
import { sh } from './shell.ts';

const programs = new Map<Family, string | null>();
for (const family of FAMILIES) programs.set(family, await find(family.program));
const missing = FAMILIES.filter((family) => programs.get(family) === null);
if (missing.length > 0 && process.env.PARALLAX_LAB === 'required') {
  throw new Error(`the lab lacks ${missing.map((family) => family.program).join(', ')}`);
}

if (missing.length > 0) {
  console.warn(`Servers that are not installed are left out: ${missing.map(({ name }) => name).join(', ')}`);
}
// A namespace of our own begins without even loopback.
if (await inUserNamespace()) await sh('ip', 'link', 'set', 'lo', 'up').catch(() => undefined);

let certificates: LabCertificates;
const sites: Site[] = [];
/** Settles once the family listens. */
const started = new Map<Family, Promise<Site>>();

async function start(family: Family, program: string): Promise<Site> {
  const site = await Site.make();
  sites.push(site);
  await family.start(site, certificates, program);
  const ports = family.rows.map((row) => row.port).filter((port) => !family.closed?.includes(port));
  await site.listening(new Set(ports));
  return site;
}

beforeAll(async () => {
  certificates = await labCertificates();
  for (const [family, program] of programs) {
    if (program === null) continue;
    const starting = start(family, program);
    // One that does not start fails its own rows, and nobody waits for the slowest.
    starting.catch(() => undefined);
    started.set(family, starting);
  }
});
afterAll(async () => {
  await Promise.allSettled(started.values());
  await Promise.all(sites.map((site) => site.close()));
});

async function tried(family: Family, row: Row) {
  const address = (await started.get(family))?.address ?? '';
  return attempt(
    {
      tag: 1,
      host: 'shop.test',
      port: row.port,
      handshake: row.handshake,
      addressFamily: 'ipv4',
      certificate: 'verify',
      ...row.target,
    },
    { address, at: 1 },
    { allowPrivateAddresses: true, trust: certificates.trust },
  );
}

describe.each(FAMILIES)('$name', (family) => {
  describe.skipIf(programs.get(family) === null).concurrent(`with ${family.program}`, () => {
    it.each(family.rows)('$name', async (row) => {
      const { observation, tls, certificate } = await tried(family, row);
      expect(observation).toMatchObject(observationOf(row.expect, row.handshake));
      if (row.tls) expect(tls).toMatchObject(row.tls);
      if (row.certificate === null) expect(certificate).toBeNull();
      else if (row.certificate) expect(certificate).toMatchObject(row.certificate);
    });
  });
});
