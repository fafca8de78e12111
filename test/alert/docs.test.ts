import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { render } from '../../lib/alert/alert.ts';
import { alertSchema } from '../../lib/alert/schema.ts';
import { DEPLOYMENT, lifeOf, transitionOf } from '../support/transitions.ts';
import { FINDINGS, watchTransitionOf } from '../support/watch.ts';

const docs = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  [...docs.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, block]) => block ?? '',
  );
const transition = transitionOf('blocked_from_some');

test('the mail in docs/alerts.md is one that is sent', () => {
  const told = render('email', transition, DEPLOYMENT);
  const sent = new Set([`Subject: ${told?.subject}`, '  …', ...(told?.body.split('\n') ?? [])]);
  const [sample = ''] = blocks('text');
  expect(sample.split('\n').filter((line) => !sent.has(line))).toEqual([]);
});

test('so is the one about a region', () => {
  const told = render('email', watchTransitionOf(FINDINGS.region_unhealthy), DEPLOYMENT);
  const sent = new Set([`Subject: ${told?.subject}`, '  …', ...(told?.body.split('\n') ?? [])]);
  const [, sample = ''] = blocks('text');
  expect(sample.split('\n').filter((line) => !sent.has(line))).toEqual([]);
});

test('the json in docs/alerts.md is one that is sent, with one region and one line of the checklist', () => {
  const sent = alertSchema.parse(JSON.parse(render('json', transition, DEPLOYMENT)?.body ?? ''));
  const sample = blocks('json')
    .map((block) => JSON.parse(block))
    .find((block) => block.schema);
  expect(sample).toEqual({
    ...sent,
    regions: sent.regions.slice(0, 1),
    checklist: sent.checklist.slice(0, 1),
  });
});

test('the page in docs/alerts.md is part of one that is sent', () => {
  const sent = JSON.parse(render('pager', transition, DEPLOYMENT)?.body ?? '');
  const sample = blocks('json')
    .map((block) => JSON.parse(block))
    .find((block) => block.AlarmName);
  expect(sent).toMatchObject(sample);
});

test('the texts in docs/alerts.md are those that are sent', () => {
  const sent = lifeOf('blocked_from_some').map((one) => render('sms', one, DEPLOYMENT)?.body);
  expect(blocks('text')).toContain(`${sent.join('\n')}\n`);
});

test('the chat notification in docs/alerts.md is one that is sent', () => {
  const sent = JSON.parse(render('chat', transition, DEPLOYMENT)?.body ?? '');
  const sample = blocks('json')
    .map((block) => JSON.parse(block))
    .find((block) => block.source);
  expect(sample).toEqual(sent);
});
