import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseCost, type WrittenCost } from '../../../lib/cli/cost/options.ts';
import { UsageError } from '../../../lib/local/usage-error.ts';

const written: WrittenCost = {
  endpoints: '10',
  regions: 'us-east-1, eu-west-1',
  interval: '60',
  handshake: 'http2',
  failing: '0',
  json: false,
};

it('is understood as it is written', () => {
  expect(parseCost({ ...written, failing: '0.5%', home: 'sa-east-1' })).toEqual({
    endpoints: 10,
    regions: ['us-east-1', 'eu-west-1'],
    home: 'sa-east-1',
    intervalSeconds: 60,
    handshake: 'http2',
    failingPercent: 0.5,
  });
  expect(parseCost(written).home).toBe('us-east-1');
});

it.each<[Partial<WrittenCost>, RegExp]>([
  [{ endpoints: '0' }, /^--endpoints 0: write how many .* 1 to 100000$/],
  [{ endpoints: '-3' }, /^--endpoints -3: /],
  [{ endpoints: 'ten' }, /^--endpoints ten: /],
  [{ endpoints: '100001' }, /^--endpoints 100001: /],
  [{ regions: '' }, /^--regions: write at least one/],
  [
    { regions: 'us-east-1,mars' },
    /^--regions mars: no prices of such a region are known; write some of af-south-1,/,
  ],
  [{ regions: 'us-east-1,us-east-1' }, /^--regions: us-east-1 is there twice; name each once$/],
  [{ home: 'eu_west_1' }, /^--home eu_west_1: no prices/],
  [{ interval: '0' }, /^--interval 0: write the seconds .* 10 20 30 60 120 300 600$/],
  [{ interval: '45' }, /^--interval 45: /],
  [{ handshake: 'quic' }, /^--handshake quic: write one of tcp, tls, http2$/],
  [{ failing: '101' }, /^--failing 101: write a share from 0 to 100 %/],
  [{ failing: '-1' }, /^--failing -1: /],
])('%j is refused in one line that names the option and the remedy', (changes, says) => {
  const parse = () => parseCost({ ...written, ...changes });
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(says);
});

it('prints the bill, or ends with 2', () => {
  const parallax = fileURLToPath(new URL('../../../bin/parallax.js', import.meta.url));
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [parallax, 'cost', '--endpoints', '10', '--interval', '60', ...args], {
      encoding: 'utf8',
    });
  const good = run('--regions', 'us-east-1', '--json');
  expect(good.status).toBe(0);
  expect(JSON.parse(good.stdout)).toMatchObject({
    plan: { endpoints: 10 },
    total: { listUsd: expect.any(Number) },
  });
  const bad = run('--regions', 'mars');
  expect([bad.status, bad.stdout]).toEqual([2, '']);
  expect(bad.stderr).toMatch(/^parallax: --regions mars: [^\n]+\n$/);
});
