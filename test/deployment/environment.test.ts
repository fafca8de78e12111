import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_VARIABLE, readEnvironment } from '../../lib/deployment/environment.ts';
import { names } from '../../lib/deployment/names.ts';
import { ROUTES } from '../../lib/deployment/routes.ts';

describe('a function that is of another version than its stack', () => {
  it('says that its variable is missing', () => {
    expect(() => readEnvironment({})).toThrow(/PARALLAX is not set: deploy the stack again/);
  });

  it('says that its variable does not fit', () => {
    expect(() => readEnvironment({ [ENVIRONMENT_VARIABLE]: '{"region":"eu-west-1"}' })).toThrow(
      /PARALLAX does not fit this version: deploy the stack again/,
    );
  });
});

it('names fit what AWS allows for the longest deployment name', () => {
  const longest = 'a'.repeat(20);
  // SQS: 80 characters with the suffix; DynamoDB: 255; SNS: 256; CloudFormation stacks: 128.
  for (const name of [names.judgeQueue(longest), names.judgeDeadLetters(longest), names.probeQueue(longest)])
    expect(name.length).toBeLessThanOrEqual(80);
  expect(names.judgeQueue(longest)).toMatch(/\.fifo$/);
  expect(names.judgeDeadLetters(longest)).toMatch(/\.fifo$/);
  expect(names.regionStack(longest, 'ap-southeast-2').length).toBeLessThanOrEqual(128);
});

it('no route is listed twice', () => {
  const keys = ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(keys).size).toBe(keys.length);
});
