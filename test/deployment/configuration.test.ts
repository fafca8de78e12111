import { describe, expect, it } from 'vitest';
import {
  type Configuration,
  ConfigurationError,
  defaultConfiguration,
  parseConfiguration,
} from '../../lib/deployment/configuration.ts';

/** The lines an owner is told. */
function problemsOf(written: unknown): readonly string[] {
  try {
    parseConfiguration(written);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe('a configuration', () => {
  it.each([undefined, null, {}])('%j is the default one', (written) => {
    expect(parseConfiguration(written)).toEqual(defaultConfiguration);
  });

  it('is kept as written', () => {
    const written: Configuration = {
      name: 'prod',
      account: '012345678901',
      homeRegion: 'eu-central-1',
      regions: ['us-gov-west-1', 'ap-southeast-2'].slice(1),
      formats: ['pager'],
      controls: ['[2606:4700:4700::1111]:443', 'dns.google:853'],
      resolvers: { 'ap-southeast-2': '192.0.2.53:53' },
      allowPrivateAddresses: true,
      ipv6: true,
      sourceAddressUrl: null,
      remindEveryMinutes: 0,
      command: 'PARALLAX_API=https://a1.example.com parallax',
      heartbeatUrl: 'https://hc.example.com/ping/1',
      lambdaConcurrency: 10,
      roundDays: 365,
      architecture: 'x64',
      local: false,
    };
    expect(parseConfiguration(written)).toEqual(written);
  });

  it('has its home in the first region unless it says where', () => {
    expect(parseConfiguration({ regions: ['us-east-1', 'eu-west-1'] }).homeRegion).toBe('us-east-1');
    expect(parseConfiguration({ homeRegion: 'us-west-2' }).regions).toEqual(defaultConfiguration.regions);
  });

  it('on one machine asks nobody outside and lets regions be called anything', () => {
    expect(parseConfiguration({ local: true, regions: ['north', 'south'] })).toMatchObject({
      account: '000000000000',
      homeRegion: 'north',
      regions: ['north', 'south'],
      controls: [],
      allowPrivateAddresses: true,
      ipv6: true,
      sourceAddressUrl: null,
    });
  });

  it('looks at IPv6 controls too where its probers have IPv6', () => {
    const isOfIpv6 = (control: string): boolean => control.startsWith('[');
    expect(parseConfiguration({}).controls.filter(isOfIpv6)).toEqual([]);
    const { controls } = parseConfiguration({ ipv6: true });
    expect(controls.filter((control) => !isOfIpv6(control))).toEqual(defaultConfiguration.controls);
    // One family that is broken must not be outvoted by the other, nor condemn what the other sees.
    expect(controls.filter(isOfIpv6).length).toBeLessThan(defaultConfiguration.controls.length);
    expect(controls.filter(isOfIpv6)).toHaveLength(3);
    expect(parseConfiguration({ ipv6: true, controls: ['1.1.1.1:443'] }).controls).toEqual(['1.1.1.1:443']);
  });

  it('may have no controls at all', () => {
    expect(parseConfiguration({ controls: [] }).controls).toEqual([]);
    expect(parseConfiguration({ controls: [], ipv6: true }).controls).toEqual([]);
  });

  it.each(['us-gov-west-1', 'eusc-de-east-1', 'mx-central-1', 'ap-northeast-3', 'us-iso-east-1'])(
    'may be at home in %s',
    (region) => {
      expect(problemsOf({ regions: [region] })).toEqual([]);
    },
  );
});

const REGION_REMEDY = 'is not the name of an AWS region; write one such as "eu-west-1"';
const NAME_REMEDY = 'is no usable name; write 1–20 lower-case letters, digits and hyphens, a letter first';
const ACCOUNT_REMEDY = 'is not an AWS account; write its twelve digits in quotes, or leave it out';
const CONTROL_REMEDY = 'is not HOST:PORT; write one such as "1.1.1.1:443" or "dns.google:443"';

describe('a bad configuration is told in one line that names the field and the remedy', () => {
  const BAD: readonly [written: unknown, ...lines: string[]][] = [
    [[], 'is not an object; write {"regions": ["eu-west-1", …]} or nothing'],
    ['eu-west-1', 'is not an object; write {"regions": ["eu-west-1", …]} or nothing'],
    [{ name: 'Prod' }, `name: "Prod" ${NAME_REMEDY}`],
    [{ name: 'a'.repeat(21) }, `name: "${'a'.repeat(21)}" ${NAME_REMEDY}`],
    [{ name: 'a-' }, `name: "a-" ${NAME_REMEDY}`],
    [{ account: 123456789012 }, `account: 123456789012 ${ACCOUNT_REMEDY}`],
    [{ account: '1234' }, `account: "1234" ${ACCOUNT_REMEDY}`],
    [{ homeRegion: 'ireland' }, `homeRegion: "ireland" ${REGION_REMEDY}`],
    [{ regions: ['eu-west-1', 'eu-west'] }, `regions[1]: "eu-west" ${REGION_REMEDY}`],
    [{ regions: [] }, 'regions: is empty; name at least one region'],
    [{ regions: 'eu-west-1' }, 'regions: "eu-west-1" is not a list; write ["…", "…"]'],
    [
      { regions: ['us-east-1', 'us-east-1'] },
      'regions: ["us-east-1","us-east-1"] names a region twice; name each once',
    ],
    [
      { regions: ['eu-west-1', 'cn-north-1'] },
      'regions: "cn-north-1" is not in the partition of "eu-west-1" (aws); remove it',
    ],
    [
      { regions: Array.from({ length: 21 }, (_, index) => `eu-${'a'.repeat(index + 1)}-1`) },
      'regions: has too many; at most 20 regions',
    ],
    [{ formats: ['fax'] }, 'formats[0]: "fax" is no alert format; choose from json, email, sms, chat, pager'],
    [{ formats: [] }, 'formats: is empty; name at least one format'],
    [{ controls: ['1.1.1.1'] }, `controls[0]: "1.1.1.1" ${CONTROL_REMEDY}`],
    [
      { controls: ['[2606:4700:4700::1111]:443'] },
      'controls: "[2606:4700:4700::1111]:443" is an IPv6 address and "ipv6" is false, so it would always fail; ' +
        'remove it, or set "ipv6": true',
    ],
    [{ controls: ['1.1.1.1:0'] }, `controls[0]: "1.1.1.1:0" ${CONTROL_REMEDY}`],
    [{ controls: ['1.1.1.1:70000'] }, `controls[0]: "1.1.1.1:70000" ${CONTROL_REMEDY}`],
    [{ controls: ['::1:443'] }, `controls[0]: "::1:443" ${CONTROL_REMEDY}`],
    [{ controls: ['https://x.test:443'] }, `controls[0]: "https://x.test:443" ${CONTROL_REMEDY}`],
    [
      { resolvers: { 'eu-west-1': 'dns.google:53' } },
      'resolvers.eu-west-1: "dns.google:53" is not ADDRESS:PORT; write one such as "192.0.2.53:53" (a resolver cannot be a name)',
    ],
    [
      { resolvers: { 'sa-east-1': '192.0.2.53:53' } },
      'resolvers: "sa-east-1" is not among the regions; add it there or remove it here',
    ],
    [{ ipv6: 'yes' }, 'ipv6: "yes" is neither true nor false; write one of them, without quotes'],
    [{ local: 1 }, 'local: 1 is neither true nor false; write one of them, without quotes'],
    [
      { sourceAddressUrl: 'ftp://x.test' },
      'sourceAddressUrl: "ftp://x.test" is not an http(s) URL; write one that answers with the caller\'s address, or null',
    ],
    [{ roundDays: 0 }, 'roundDays: 0 is too few; write 1 to 365'],
    [{ roundDays: 366 }, 'roundDays: 366 is too many; write 1 to 365'],
    [{ roundDays: '14' }, 'roundDays: "14" is not a number of days; write 1 to 365'],
    [{ architecture: 'arm' }, 'architecture: "arm" is no architecture; write "arm64" or "x64"'],
    [
      { name: '', ipv6: 0 },
      `name: "" ${NAME_REMEDY}`,
      'ipv6: 0 is neither true nor false; write one of them, without quotes',
    ],
  ];

  it.each(BAD)('%j', (written, ...lines) => {
    expect(problemsOf(written)).toEqual(lines);
  });

  it('an unknown field, with the known ones', () => {
    expect(problemsOf({ regoins: [] })).toEqual([
      '"regoins": no such field; known are name, account, homeRegion, regions, formats, controls, resolvers, ' +
        'allowPrivateAddresses, ipv6, sourceAddressUrl, roundDays, remindEveryMinutes, command, heartbeatUrl, lambdaConcurrency, architecture, local',
    ]);
  });

  it('AWS names are not wanted on one machine, and everything else is still checked', () => {
    expect(problemsOf({ local: true, regions: ['North'] })).toEqual([
      'regions[0]: "North" is no usable region name; write lower-case letters, digits and hyphens, 32 at most',
    ]);
  });
});
