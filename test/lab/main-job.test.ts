import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '../support/certificates.ts';
import { type Deployment, deploy } from './deployment.ts';
import { type Lab, makeLab } from './lab.ts';
import { REGIONS } from './scenario.ts';
import { type Host, labMissing, until } from './world.ts';

const missing = await labMissing();

/**
 * The main job against real networks: three regions, an nginx and nftables in namespaces of their own, a whole local deployment
 * in between, and what a third party's receiver gets.
 */
describe.skipIf(missing)('the main job, end to end', () => {
  let lab: Lab;
  let target: Host;
  let nginx: ChildProcess;
  let identity: Identity;
  let deployment: Deployment;

  beforeAll(async () => {
    lab = await makeLab({ farMs: 0 });
    target = await lab.world.host('target');
    identity = await lab.authority.issue(target.address);
    nginx = await lab.world.nginx(target, identity);
    deployment = await deploy(lab);
    await deployment.put('shop', {
      host: target.address,
      port: 443,
      handshake: 'http2',
      name: 'Shop',
      intervalSeconds: 10,
      alertAfterSeconds: 0,
    });
    await until('all regions pass', async () => {
      const { regions: reports } = await deployment.status('shop');
      return reports.length === REGIONS.length && reports.every(({ state }) => state === 'passing');
    });
  });

  afterAll(async () => {
    await deployment?.close();
    await lab?.close();
  });

  it('tells one trigger when one region is dropped, and one resolve when it is let in again', async () => {
    const [blocked, ...open] = REGIONS;
    await lab.world.drop(target, lab.regions[blocked]);
    const trigger = await deployment.alert(({ event }) => event === 'trigger');
    expect(trigger.alert).toMatchObject({
      schema: 'parallax.alert/1',
      kind: 'partial',
      rule: 'blocked_from_some',
      severity: 'P2',
      failingRegions: [blocked],
      listeningRegions: open,
      unknownRegions: [],
    });
    const report = trigger.alert.regions.find(({ region }) => region === blocked);
    expect(report).toMatchObject({
      state: 'failing',
      evidence: 'filtered',
      stage: 'tcp',
      outcome: 'timeout',
    });
    const seconds = (trigger.receivedAt - Date.parse(trigger.alert.since)) / 1000;
    expect(seconds).toBeLessThanOrEqual(20);
    console.info(`first failing handshake to received alert: ${seconds.toFixed(1)} s`);

    await lab.world.lift(target);
    const resolve = await deployment.alert(({ event }) => event === 'resolve');
    expect(resolve.alert.dedupKey).toBe(trigger.alert.dedupKey);
    expect(deployment.received.map(({ alert }) => alert.event)).toEqual(['trigger', 'resolve']);
  });

  it('tells one down when the server stops, and never a partial before it', async () => {
    deployment.received.length = 0;
    await lab.world.stop(nginx);
    const trigger = await deployment.alert(({ event }) => event === 'trigger');
    expect(trigger.alert).toMatchObject({
      kind: 'down',
      rule: 'not_listening',
      severity: 'P1',
      listeningRegions: [],
    });
    expect([...trigger.alert.failingRegions].sort()).toEqual([...REGIONS].sort());
    expect(deployment.received).toHaveLength(1);

    nginx = await lab.world.nginx(target, identity);
    await deployment.alert(({ event }) => event === 'resolve');
    expect(deployment.received.map(({ alert }) => [alert.event, alert.kind])).toEqual([
      ['trigger', 'down'],
      ['resolve', 'down'],
    ]);
  });
});
