import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Drill, renderDrill } from '../../lib/alert/drill.ts';
import { alertSchema } from '../../lib/alert/schema.ts';
import { ALERT_FORMATS } from '../../lib/deployment/configuration.ts';
import { expectGolden } from '../support/golden.ts';
import { hostileText } from '../support/hostile-text.ts';
import { expectReceivable } from '../support/receivers.ts';
import { DEPLOYMENT, SINCE } from '../support/transitions.ts';

const DRILL: Drill = { id: 'test.7f1c', at: SINCE, severity: 'P1', team: 'web' };

describe.each(ALERT_FORMATS)('%s', (format) => {
  test('is as it was read', () => {
    const text = renderDrill(format, DRILL, DEPLOYMENT).map(({ subject, body, attributes }) => {
      const shown = format === 'email' || format === 'sms' ? body : JSON.stringify(JSON.parse(body), null, 2);
      return `Subject     ${subject}\nAttributes  ${JSON.stringify(attributes)}\n\n${shown}\n`;
    });
    expectGolden(new URL(`./golden/drill.${format}.txt`, import.meta.url), text.join('\n'));
  });

  test('property: it says that it is a test first, and is what its receivers take, whatever things are called', () => {
    fc.assert(
      fc.property(fc.option(hostileText), hostileText, (team, name) => {
        const told = renderDrill(format, { ...DRILL, team }, { ...DEPLOYMENT, name });
        expect(told).toHaveLength(format === 'pager' ? 2 : 1);
        for (const { subject, body, attributes } of told) {
          expect(subject).toMatch(/^\[TEST\] [\x20-\x7e]{1,92}$/);
          expect(Object.values(attributes).every((value) => value !== '')).toBe(true);
          expect(Object.keys(attributes).length).toBeLessThanOrEqual(5);
          expectReceivable(format, body);
          if (format === 'json') expect(alertSchema.safeParse(JSON.parse(body)).error).toBeUndefined();
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('what a drill opens at a pager it closes', () => {
  const states = renderDrill('pager', DRILL, DEPLOYMENT).map(({ body }) => JSON.parse(body));
  expect(states.map(({ NewStateValue }) => NewStateValue)).toEqual(['ALARM', 'OK']);
  expect(new Set(states.map(({ AlarmName }) => AlarmName))).toEqual(new Set([DRILL.id]));
});

test('filters see the severity and the team that were asked for', () => {
  const of = (team: string | null) =>
    ALERT_FORMATS.flatMap((format) => renderDrill(format, { ...DRILL, team }, DEPLOYMENT)).map(
      ({ attributes }) => attributes,
    );
  for (const attributes of of('web')) {
    expect(attributes).toEqual({ event: 'test', kind: 'test', severity: 'P1', team: 'web' });
  }
  for (const attributes of of(null))
    expect(attributes).toEqual({ event: 'test', kind: 'test', severity: 'P1' });
});
