// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how CloudFormation writes variables
import { expect, test } from 'vitest';
import { type Json, resolve, type Scope } from '../../lib/local/template/intrinsics.ts';

const scope: Scope = {
  stackName: 'home',
  region: 'eu-west-1',
  account: '000000000000',
  parameters: { Size: 3 },
  conditions: {
    IsHome: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
    IsNot: { 'Fn::Not': [{ Condition: 'IsHome' }] },
    Both: {
      'Fn::And': [{ Condition: 'IsHome' }, { 'Fn::Or': [{ Condition: 'IsNot' }, { Condition: 'IsHome' }] }],
    },
  },
  identify(logicalId) {
    if (logicalId !== 'Queue') throw new Error(`nothing is called ${logicalId}`);
    return { ref: 'https://queue', attributes: { Arn: 'arn:queue', 'Nested.Name': 'deep' } };
  },
};

const good: readonly { readonly name: string; readonly value: Json; readonly expect: Json | undefined }[] = [
  { name: 'plain values', value: { a: [1, true, null, 'x'] }, expect: { a: [1, true, null, 'x'] } },
  { name: 'Ref to a resource', value: { Ref: 'Queue' }, expect: 'https://queue' },
  { name: 'Ref to a parameter', value: { Ref: 'Size' }, expect: 3 },
  {
    name: 'pseudo parameters',
    value: [{ Ref: 'AWS::Region' }, { Ref: 'AWS::Partition' }, { Ref: 'AWS::URLSuffix' }],
    expect: ['eu-west-1', 'aws', 'amazonaws.com'],
  },
  { name: 'GetAtt as a list', value: { 'Fn::GetAtt': ['Queue', 'Arn'] }, expect: 'arn:queue' },
  { name: 'GetAtt with dots', value: { 'Fn::GetAtt': 'Queue.Nested.Name' }, expect: 'deep' },
  {
    name: 'Join of nested ones',
    value: { 'Fn::Join': ['/', ['a', { Ref: 'AWS::AccountId' }, 4]] },
    expect: 'a/000000000000/4',
  },
  {
    name: 'Split and Select',
    value: { 'Fn::Select': ['1', { 'Fn::Split': [':', { 'Fn::GetAtt': ['Queue', 'Arn'] }] }] },
    expect: 'queue',
  },
  {
    name: 'Sub',
    value: {
      'Fn::Sub': ['${AWS::Region} ${Queue} ${Queue.Arn} ${own} ${!Literal}', { own: { Ref: 'Size' } }],
    },
    expect: 'eu-west-1 https://queue arn:queue 3 ${Literal}',
  },
  { name: 'If', value: { 'Fn::If': ['Both', 'yes', { Ref: 'Missing' }] }, expect: 'yes' },
  {
    name: 'If with NoValue leaves the key out',
    value: { a: { 'Fn::If': ['IsNot', 1, { Ref: 'AWS::NoValue' }] }, b: 2 },
    expect: { b: 2 },
  },
];
test.each(good)('$name', ({ value, expect: expected }) => {
  expect(resolve(value, scope)).toEqual(expected);
});

const bad: readonly { readonly name: string; readonly value: Json; readonly message: RegExp }[] = [
  { name: 'a missing resource', value: { Ref: 'Missing' }, message: /nothing is called Missing/ },
  {
    name: 'a missing attribute',
    value: { 'Fn::GetAtt': ['Queue', 'Url'] },
    message: /Queue has no attribute Url/,
  },
  { name: 'a missing name in Sub', value: { 'Fn::Sub': '${Missing}' }, message: /nothing is called Missing/ },
  {
    name: 'an unknown function',
    value: { deep: [{ 'Fn::ImportValue': 'x' }] },
    message: /Fn::ImportValue is not known/,
  },
  { name: 'a missing condition', value: { 'Fn::If': ['Nope', 1, 2] }, message: /no condition Nope/ },
];
test.each(bad)('refuses $name', ({ value, message }) => {
  expect(() => resolve(value, scope)).toThrow(message);
});
