import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { render } from '../../lib/alert/alert.ts';
import { alertJsonSchema, alertSchema } from '../../lib/alert/schema.ts';
import { WATCH_KINDS } from '../../lib/incident/watch-state.ts';
import { RULES } from '../../lib/verdict/verdict.ts';
import { DEPLOYMENT, lifeOf, transitionOf } from '../support/transitions.ts';
import { FINDINGS, watchLifeOf } from '../support/watch.ts';

test('docs/alert.schema.json is the schema of the json alert', () => {
  const url = new URL('../../docs/alert.schema.json', import.meta.url);
  const written = (): unknown => JSON.parse(readFileSync(url, 'utf8'));
  // The formatter decides about line breaks, so only what the file says is compared.
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(url, JSON.stringify(alertJsonSchema(), null, 2));
  expect(alertJsonSchema()).toEqual(written());
});

test('every json alert is of the schema, with its keys in the order of the documentation', () => {
  const lives = [
    ...RULES.map((rule) => lifeOf(rule)),
    ...WATCH_KINDS.map((kind) => watchLifeOf(FINDINGS[kind])),
  ];
  for (const transition of lives.flat()) {
    const alert: unknown = JSON.parse(render('json', transition, DEPLOYMENT)?.body ?? '');
    expect(alertSchema.safeParse(alert).error).toBeUndefined();
    expect(Object.keys(alertSchema.parse(alert))).toEqual(Object.keys(alertSchema.shape));
  }
});

test('the schema is closed where words are fixed and open where they may grow', () => {
  const alert = JSON.parse(render('json', transitionOf('not_listening'), DEPLOYMENT)?.body ?? '');
  expect(alertSchema.safeParse({ ...alert, added: 1, rule: 'exposed' }).success).toBe(true);
  expect(alertSchema.safeParse({ ...alert, event: 'reminder' }).success).toBe(false);
  expect(alertSchema.safeParse({ ...alert, since: '2026-11-20T03:12:05Z' }).success).toBe(false);
});
