import { expect, test } from 'vitest';
import { parseJudgeMessage, parseProbeMessage, UnreadableMessage } from '../../lib/queue/parse.ts';

const sweep = { v: 1, kind: 'sweep', cohort: '60-0' };
const confirm = { v: 1, kind: 'confirm', cohort: '60-0', due: 1, suspicion: 's', tries: [] };

test('a message is read back as it was', () => {
  expect(parseJudgeMessage(JSON.stringify(sweep))).toEqual(sweep);
  expect(parseProbeMessage(JSON.stringify(confirm))).toEqual(confirm);
});

test.each([
  ['{', 'a judge message is not JSON'],
  [
    '{"v":2,"kind":"sweep"}',
    'a judge message of version 2 came in, this function reads version 1: deploy all stacks in the same version',
  ],
  ['null', /of version undefined came in/],
  ['{"v":1,"kind":"sweep"}', /^a judge message cannot be read: field cohort: /],
  ['{"v":1,"kind":"news","cohort":"c","rounds":[{"region":1}]}', /field rounds\.0\.region: /],
  ['{"v":1,"kind":"odd"}', /field kind: /],
  [JSON.stringify(confirm), /field kind: /],
])('%s is refused in one line', (body, message) => {
  expect(() => parseJudgeMessage(body)).toThrow(UnreadableMessage);
  expect(() => parseJudgeMessage(body)).toThrow(message);
});
