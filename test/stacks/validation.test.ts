import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { ALERT_FORMATS, parseConfiguration } from '../../lib/deployment/configuration.ts';
import { addStacks } from '../../lib/stacks/app.ts';
import { newTestApp, WRITTEN } from '../support/app.ts';

const CONFIGURATIONS = {
  'as delivered': {},
  'with an account and every format': { ...WRITTEN, formats: ALERT_FORMATS },
  'in one region': { ...WRITTEN, regions: ['eu-central-1'] },
  'in another partition': { homeRegion: 'cn-north-1', regions: ['cn-north-1', 'cn-northwest-1'] },
  'on one machine': { local: true, regions: ['north', 'south'] },
};

/** Our own notes to the owner are in the report too. */
const ANNOTATIONS = 'Construct Annotations';

interface Report {
  readonly pluginReports: readonly { readonly pluginName: string }[];
}

function unsynthesized(written: object) {
  const app = newTestApp();
  return { app, ...addStacks(app, parseConfiguration(written)) };
}

describe.each(Object.entries(CONFIGURATIONS))('a deployment %s', (_name, written) => {
  it('has no finding of cdk-nag', () => {
    const { app } = unsynthesized(written);
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations).toEqual([]);
  });

  it('passes the built-in template validator', () => {
    const { directory } = unsynthesized(written).app.synth();
    const { pluginReports } = JSON.parse(
      readFileSync(join(directory, 'validation-report.json'), 'utf8'),
    ) as Report;
    expect(pluginReports.filter(({ pluginName }) => pluginName !== ANNOTATIONS)).toEqual([]);
  });
});

describe('the checks themselves', () => {
  it('cdk-nag sees a queue that takes plain HTTP', () => {
    const { app, home } = unsynthesized(WRITTEN);
    new Queue(home, 'Careless');
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-SQS4');
  });

  it('the built-in validator stops a template that CloudFormation would refuse', () => {
    const { app, home } = unsynthesized(WRITTEN);
    new CfnResource(home, 'Wrong', { type: 'AWS::SNS::Topic', properties: { TopicNam: 'x' } });
    expect(() => app.synth()).toThrow(/TopicNam: .*Did you mean 'TopicName'/);
  });
});

it('is synthesized without an account, each region after home', () => {
  const assembly = unsynthesized({}).app.synth();
  const described = assembly.stacks.map(({ stackName, environment, dependencies }) => ({
    stackName,
    account: environment.account,
    region: environment.region,
    after: dependencies.map(({ id }) => id).filter((id) => !id.endsWith('.assets')),
  }));
  const account = 'unknown-account';
  expect(described).toEqual([
    { stackName: 'parallax-home', account, region: 'eu-west-1', after: [] },
    ...['ap-southeast-2', 'eu-west-1', 'us-east-1'].map((region) => ({
      stackName: `parallax-region-${region}`,
      account,
      region,
      after: ['parallax-home'],
    })),
  ]);
});
