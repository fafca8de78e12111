import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ALERT_FORMATS } from '../../lib/deployment/configuration.ts';
import { readEnvironment } from '../../lib/deployment/environment.ts';
import { synthesize, WRITTEN } from '../support/app.ts';

const { homeTemplate, regionTemplate } = synthesize();
const both = [homeTemplate, regionTemplate];

interface FunctionProperties {
  readonly Description: string;
  readonly Timeout: number;
  readonly Environment: { readonly Variables: { readonly PARALLAX: unknown } };
}

/** What the function would read, with the pseudo parameter of AWS's domain filled in. */
function environmentOf(template: Template, name: string) {
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  const found = functions
    .map(({ Properties }) => Properties as FunctionProperties)
    .find(({ Description }) => Description.endsWith(`: ${name}`));
  const join = found?.Environment.Variables.PARALLAX as { 'Fn::Join': [string, (string | object)[]] };
  const text = join['Fn::Join'][1]
    .map((part) => (typeof part === 'string' ? part : 'amazonaws.com'))
    .join('');
  return { text, environment: readEnvironment({ PARALLAX: text }) };
}

describe('every function', () => {
  it('runs Node 24 on arm64 with JSON logs kept for 30 days', () => {
    for (const template of both) {
      template.allResourcesProperties('AWS::Lambda::Function', {
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: Match.objectLike({ LogFormat: 'JSON', SystemLogLevel: 'WARN' }),
      });
      template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    }
  });

  it('shares the concurrency of the account: one that is limited to 10 can reserve none', () => {
    for (const template of both) {
      expect(JSON.stringify(template.toJSON())).not.toContain('ReservedConcurrentExecutions');
      expect(JSON.stringify(template.toJSON())).not.toContain('MaximumConcurrency');
    }
  });

  it('leaves the schedules and the API their part of an account that is limited', () => {
    const limited = synthesize({ ...WRITTEN, lambdaConcurrency: 10 });
    const limits = (template: Template) =>
      Object.values(template.findResources('AWS::Lambda::EventSourceMapping')).map(
        ({ Properties }) => Properties.ScalingConfig,
      );
    expect([limits(limited.regionTemplate), limits(limited.homeTemplate)]).toEqual([
      [{ MaximumConcurrency: 4 }],
      [{ MaximumConcurrency: 2 }],
    ]);
  });

  it('can read its environment, and only the judge, and the API for its drills, are given topics', () => {
    const { environment } = environmentOf(homeTemplate, 'judge');
    expect(environment).toMatchObject({
      deployment: { name: 'watch', account: '123456789012', homeRegion: 'eu-central-1' },
      region: 'eu-central-1',
      probeQueueUrls: { 'us-east-1': 'https://sqs.us-east-1.amazonaws.com/123456789012/watch-probe' },
      judgeQueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/watch-judge.fifo',
      topicArns: { email: 'arn:aws:sns:eu-central-1:123456789012:watch-alerts-email' },
      regionTopicArn: null,
    });
    expect(environmentOf(homeTemplate, 'api').environment.topicArns).toEqual(environment.topicArns);
    expect(environmentOf(homeTemplate, 'watchdog').environment.topicArns).toEqual({});
    for (const name of ['dispatch', 'probe'])
      expect(environmentOf(regionTemplate, name).environment).toMatchObject({
        region: 'eu-west-1',
        topicArns: {},
        regionTopicArn: 'arn:aws:sns:eu-west-1:123456789012:watch-region-trouble',
      });
  });

  it('has room for its environment (4 KB) in the largest deployment', () => {
    const { homeTemplate: large } = synthesize({
      ...WRITTEN,
      name: 'a'.repeat(20),
      regions: ['ap', 'af'].flatMap((area) =>
        Array.from('0123456789', (digit) => `${area}-southeast-${digit}`),
      ),
      formats: ALERT_FORMATS,
    });
    for (const name of ['judge', 'api']) expect(environmentOf(large, name).text.length).toBeLessThan(4096);
  });
});
