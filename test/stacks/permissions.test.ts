import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { synthesize } from '../support/app.ts';

const GOLDEN = fileURLToPath(new URL('./golden/permissions.txt', import.meta.url));

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface RoleProperties {
  readonly AssumeRolePolicyDocument: { readonly Statement: readonly Trust[] };
  readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
}

interface Trust {
  readonly Principal: { readonly Service: string };
  readonly Condition?: unknown;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** ARNs are plain text where an account is configured; what else a statement names is in the same stack. */
const textOf = (resource: unknown): string =>
  typeof resource === 'string' ? resource : JSON.stringify(resource).replaceAll(/[0-9A-F]{8}(?=")/g, '');

/** `role`, who may take it, and one line an action and resource: what a reviewer reads before a deployment. */
function listing(template: Template): string[] {
  return Object.entries(template.findResources('AWS::IAM::Role')).flatMap(([id, resource]) => {
    const role = resource.Properties as RoleProperties;
    const trust = role.AssumeRolePolicyDocument.Statement.map(
      ({ Principal, Condition }) =>
        `${Principal.Service}${Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`}`,
    );
    const lines = role.Policies.flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.flatMap(({ Effect, Action, Resource, Condition }) =>
        listOf(Resource).flatMap((one) =>
          listOf(Action).map(
            (action) =>
              `  ${Effect} ${action} on ${textOf(one)}${Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`}`,
          ),
        ),
      ),
    );
    return [`${id.replace(/[0-9A-F]{8}$/, '')}, taken by ${trust.join(', ')}`, ...lines.toSorted(), ''];
  });
}

describe('permissions', () => {
  const { homeTemplate, regionTemplate } = synthesize();

  it('are those that were reviewed, statement by statement', () => {
    const actual = [
      '# home stack',
      '',
      ...listing(homeTemplate),
      '# region stack (eu-west-1)',
      '',
      ...listing(regionTemplate),
    ].join('\n');
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(fileURLToPath(new URL('./golden', import.meta.url)), { recursive: true });
      writeFileSync(GOLDEN, actual);
    }
    expect(actual).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  it('are all in the roles: no policy is added to one from elsewhere', () => {
    for (const template of [homeTemplate, regionTemplate]) {
      template.resourceCountIs('AWS::IAM::Policy', 0);
      template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
      expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).not.toContain('ManagedPolicyArns');
    }
  });

  it('name no wildcard', () => {
    const lines = [...listing(homeTemplate), ...listing(regionTemplate)];
    expect(lines.filter((line) => line.includes('*'))).toEqual([]);
  });
});
