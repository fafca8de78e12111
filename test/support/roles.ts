import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ENVIRONMENT_VARIABLE } from '../../lib/deployment/environment.ts';
import { type Json, resolve, type Scope } from '../../lib/local/template/intrinsics.ts';
import type { SynthesizedApp } from './app.ts';

/** One action on one resource that a role allows. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
}

/** A function as its template has it. */
export interface SynthesizedFunction {
  /** As its file in `functions/`. */
  readonly name: string;
  readonly region: string;
  /** The value of its one environment variable. */
  readonly environment: string;
  readonly grants: readonly Grant[];
  /** ARNs of the queues that Lambda polls in its name. */
  readonly polls: readonly string[];
}

interface Resource<T> {
  readonly Properties: T;
}

interface FunctionProperties {
  readonly Role: { readonly 'Fn::GetAtt': readonly [string, 'Arn'] };
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

interface Policy {
  /** The stacks name it after the function's file. */
  readonly PolicyName: string;
  readonly PolicyDocument: { readonly Statement: readonly Readonly<Record<string, Json>>[] };
}

interface Mapping {
  readonly FunctionName: string;
  readonly EventSourceArn: string;
}

/** Every function of an app, in every region. */
export function functionsOf({ home, regions }: SynthesizedApp): readonly SynthesizedFunction[] {
  return [home, ...regions].flatMap((stack) => functionsIn(stack));
}

function functionsIn(stack: Stack): SynthesizedFunction[] {
  const template = Template.fromStack(stack);
  const scope = scopeOf(stack, template);
  const all = <T>(type: string): [string, T][] =>
    Object.entries(template.findResources(type)).map(([id, resource]) => {
      const { Properties } = resource as Resource<Json>;
      return [id, resolve(Properties, scope) as T];
    });
  const roles = new Map(all<{ readonly Policies: readonly Policy[] }>('AWS::IAM::Role'));
  const mappings = all<Mapping>('AWS::Lambda::EventSourceMapping').map(([, mapping]) => mapping);
  return Object.entries(template.findResources('AWS::Lambda::Function')).map(([id, resource]) => {
    const { Role, Environment } = (resource as Resource<FunctionProperties>).Properties;
    const [roleId] = Role['Fn::GetAtt'];
    const [policy, ...others] = roles.get(roleId)?.Policies ?? [];
    if (!policy || others.length > 0) throw new Error(`${roleId} has not exactly one policy`);
    const environment = resolve(Environment.Variables[ENVIRONMENT_VARIABLE] ?? null, scope);
    if (typeof environment !== 'string') throw new Error(`${id} is told nothing`);
    return {
      name: policy.PolicyName,
      region: stack.region,
      environment,
      grants: policy.PolicyDocument.Statement.flatMap(grantsOf),
      polls: mappings.filter((one) => one.FunctionName === id).map((one) => one.EventSourceArn),
    };
  });
}

/** @throws on whatever the evaluation below does not know: a condition, a denial, an exception. */
function grantsOf(statement: Readonly<Record<string, Json>>): Grant[] {
  const { Effect, Action, Resource, ...others } = statement;
  if (Effect !== 'Allow' || Object.keys(others).length > 0 || !Action || !Resource) {
    throw new Error(`this statement cannot be evaluated here: ${JSON.stringify(statement)}`);
  }
  return [Action]
    .flat()
    .flatMap((action) =>
      [Resource].flat().map((resource) => ({ action: String(action), resource: String(resource) })),
    );
}

/** ARNs of what is in the stack itself; queues have their real ones, since mappings are compared by them. */
function scopeOf(stack: Stack, template: Template): Scope {
  const resources = template.toJSON().Resources as Readonly<
    Record<string, Partial<Resource<{ readonly QueueName?: string }>>>
  >;
  const { region, account } = stack;
  return {
    stackName: stack.stackName,
    region,
    account,
    parameters: {},
    conditions: {},
    identify(logicalId) {
      const queue = resources[logicalId]?.Properties?.QueueName;
      const arn = `arn:aws:${queue === undefined ? 'any' : 'sqs'}:${region}:${account}:${queue ?? logicalId}`;
      const attributes = new Proxy({}, { get: () => arn }) as Readonly<Record<string, string>>;
      return { ref: logicalId, attributes };
    },
  };
}

/** Whether a grant covers a call: `*` and `?` as in IAM's "Policy evaluation logic"; actions in any case. */
export function covers(grant: Grant, call: Grant): boolean {
  return pattern(grant.action, 'i').test(call.action) && pattern(grant.resource, '').test(call.resource);
}

function pattern(text: string, flags: string): RegExp {
  const escaped = text.replaceAll(/[.+^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, flags);
}
