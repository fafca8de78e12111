import { describe, test } from 'vitest';
import { render } from '../../lib/alert/alert.ts';
import { ALERT_FORMATS, type AlertFormat } from '../../lib/deployment/configuration.ts';
import { WATCH_KINDS } from '../../lib/incident/watch-state.ts';
import { RULES } from '../../lib/verdict/verdict.ts';
import { expectGolden } from '../support/golden.ts';
import { ADDRESS_CAUSE, lifeOfGroup, REGION_CAUSE } from '../support/groups.ts';
import { DEPLOYMENT, lifeOf } from '../support/transitions.ts';
import { FINDINGS, watchLifeOf } from '../support/watch.ts';
import { SCENARIOS } from './scenarios.ts';

const golden = (name: string): URL => new URL(`./golden/${name}`, import.meta.url);

function told(format: AlertFormat, event: string, rendered: ReturnType<typeof render>): string {
  if (rendered === null) return `===== ${event}: not told\n`;
  const attributes = Object.entries(rendered.attributes).map(([name, value]) => `${name}=${value}`);
  const text = format === 'email' || format === 'sms';
  const body = text
    ? `${rendered.body.trimEnd()}\n`
    : `${JSON.stringify(JSON.parse(rendered.body), null, 2)}\n`;
  return `===== ${event}\nSubject     ${rendered.subject}\nAttributes  ${attributes.join(' ')}\n\n${body}`;
}

describe.each(ALERT_FORMATS)('%s', (format) => {
  test.each(RULES)('%s', (rule) => {
    const text = lifeOf(rule).map((one) => told(format, one.event, render(format, one, DEPLOYMENT)));
    expectGolden(golden(`${rule}.${format}.txt`), text.join('\n'));
  });
});

describe.each(ALERT_FORMATS)('%s of the watching', (format) => {
  test.each(WATCH_KINDS)('%s', (kind) => {
    const life = watchLifeOf(FINDINGS[kind]);
    const text = life.map((one) => told(format, one.event, render(format, one, DEPLOYMENT)));
    expectGolden(golden(`${kind}.${format}.txt`), text.join('\n'));
  });
});

test.each(SCENARIOS)('email: $name', ({ name, transition, deployment }) => {
  const text = told('email', transition.event, render('email', transition, deployment ?? DEPLOYMENT));
  expectGolden(golden(`scenario-${name.replaceAll(/\W+/g, '-')}.email.txt`), text);
});

describe.each(ALERT_FORMATS)('%s of a group', (format) => {
  test.each([
    ['region', REGION_CAUSE, {}],
    ['address', ADDRESS_CAUSE, { kind: 'down', rule: 'not_listening', severity: 'P1' }],
  ] as const)('with one %s', (name, cause, over) => {
    const text = lifeOfGroup(cause, over).map((one) =>
      told(format, one.event, render(format, one, DEPLOYMENT)),
    );
    expectGolden(golden(`group-${name}.${format}.txt`), text.join('\n'));
  });
});
