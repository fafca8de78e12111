import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Rendered, render } from '../../lib/alert/alert.ts';
import { asciiLine, attributeValue, firstLines, listed, oneLine } from '../../lib/alert/limits.ts';
import { alertSchema } from '../../lib/alert/schema.ts';
import { ALERT_FORMATS } from '../../lib/deployment/configuration.ts';
import { EVENTS, INCIDENT_ENDS, type Transition } from '../../lib/incident/state.ts';
import { RULES } from '../../lib/verdict/verdict.ts';
import { hostileText } from '../support/hostile-text.ts';
import { expectReceivable } from '../support/receivers.ts';
import { DEPLOYMENT, failing, listening, SINCE, silent, transitionOf } from '../support/transitions.ts';

const regions = fc.array(
  fc.oneof(
    fc
      .tuple(hostileText, hostileText, hostileText)
      .map(([region, address, reason]) =>
        failing(region, { address, reason, sourceAddress: reason, errno: reason }),
      ),
    hostileText.map((region) => listening(region, 12.3, { address: region })),
    hostileText.map((region) => silent(region)),
  ),
  { maxLength: 120 },
);

const transitions: fc.Arbitrary<Transition> = fc
  .record({
    rule: fc.constantFrom(...RULES),
    event: fc.constantFrom(...EVENTS),
    end: fc.constantFrom(null, ...INCIDENT_ENDS),
    flapping: fc.boolean(),
    reminder: fc.boolean(),
    acknowledged: fc.option(
      fc.record({
        by: hostileText,
        note: fc.option(hostileText),
        at: fc.constant(SINCE),
        until: fc.constant(null),
      }),
    ),
    name: hostileText,
    host: hostileText,
    team: fc.option(hostileText),
    runbookUrl: fc.option(fc.oneof(hostileText, fc.constant(`https://example.com/${'x'.repeat(1900)}`))),
    regions,
  })
  .map(({ rule, name, host, team, ...over }) => {
    const transition = transitionOf(rule, over);
    return { ...transition, endpoint: { ...transition.endpoint, name, host, team } };
  });

const MOST_BYTES = { json: 200, email: 8, sms: 1, chat: 32, pager: 200 } as const;

test('property: subject, body and attributes keep the limits of SNS whatever the endpoint is called', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ALERT_FORMATS), transitions, (format, transition) => {
      const told = render(format, transition, DEPLOYMENT);
      if (told === null) {
        expect([format, ['update', 'acknowledge'].includes(transition.event)]).toEqual(['pager', true]);
        return;
      }
      expect(told.subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
      expect(Buffer.byteLength(told.body)).toBeLessThanOrEqual(MOST_BYTES[format] * 1024);
      expect(told.body.isWellFormed()).toBe(true);
      expectAttributes(told);
      expectReceivable(format, told.body);
      if (format === 'pager') expect(told.subject).toMatch(/^(ALARM|OK): ".*" in eu-central-1$/);
      if (format === 'json') expect(alertSchema.safeParse(JSON.parse(told.body)).error).toBeUndefined();
      if (format === 'email') expectMail(told, transition);
    }),
    { numRuns: 400 },
  );
});

function expectAttributes({ attributes }: Rendered): void {
  expect(Object.keys(attributes).length).toBeLessThanOrEqual(5);
  for (const value of Object.values(attributes)) {
    expect(value).not.toBe('');
    expect(value).not.toMatch(/[\u{10000}-\u{10ffff}\p{Cs}\p{Cc}]/u);
  }
}

/** What an endpoint is called can neither begin a line of the mail nor hide or reorder what follows it. */
function expectMail({ subject, body }: Rendered, { event, severity }: Transition): void {
  const tag = subject.match(/^\[(P[123](?: update| reminder| acknowledged)?|RESOLVED|CLOSED)\] /);
  expect(tag, subject).not.toBeNull();
  if (event === 'trigger') expect(tag?.[1]).toBe(severity);
  expect(body.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  for (const line of body.split('\n')) {
    expect(line).not.toMatch(/^(Bcc|Subject):/);
    expect([...line].length).toBeLessThan(2500);
  }
}

test('a long name gives way to what happened', () => {
  const transition = transitionOf('blocked_from_some');
  const named = { ...transition, endpoint: { ...transition.endpoint, name: 'n'.repeat(100) } };
  const subject = render('email', named, DEPLOYMENT)?.subject;
  expect(subject).toMatch(
    /^\[P2\] n+\.\.\. blocked from eu-west-1 \(tcp timeout\), listening from 5 regions$/,
  );
});

test('foreign letters are transliterated or marked, never dropped', () => {
  expect(asciiLine('Café  Zürich\n東京 🔥', 50)).toBe('Cafe Zurich ?? ?');
  expect(asciiLine('abcdefgh', 6)).toBe('abc...');
  expect(oneLine('a\u202eb\r\n c', 9)).toBe('a b c');
  expect(oneLine('🔥🔥🔥', 2)).toBe('🔥…');
});

test('an attribute with nothing to match is left out', () => {
  expect(attributeValue(' ')).toBeNull();
  expect(attributeValue('web 🔥')).toBe('web ?');
  const transition = transitionOf('not_listening');
  const nameless = { ...transition, endpoint: { ...transition.endpoint, team: '' } };
  expect(render('json', nameless, DEPLOYMENT)?.attributes).not.toHaveProperty('team');
});

test('what is left out is counted', () => {
  expect(listed(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
  const text = `one\ntwo\n${'three\n'.repeat(6)}`;
  expect(firstLines(text, 30)).toBe('one\ntwo\n… and 6 more lines\n');
  expect(firstLines(text, 44)).toBe(text);
});

test('a mail too long loses lines of its longest groups first, and says how many', () => {
  const wide = Array.from({ length: 60 }, (_, index) =>
    failing(`${index}-${'r'.repeat(40)}`, {
      state: index % 2 === 0 ? 'failing' : 'suspect',
      reason: '原'.repeat(60),
      address: 'a'.repeat(64),
    }),
  );
  const transition = transitionOf('unreachable_everywhere', { regions: wide });
  const body = render('email', transition, DEPLOYMENT)?.body ?? '';
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(8 * 1024);
  expect(body).toMatch(/\n {2}… and (24|27|29) more like these\n/);
  expect(body).toContain('Look first');
  expect(body.trimEnd()).toMatch(/Rule unreachable_everywhere\.$/);
});

test.each([
  ['a script', 'javascript:alert(1)'],
  ['two lines', 'https://example.com/\nBcc: all@example.com'],
  ['too long', `https://example.com/${'x'.repeat(2000)}`],
])('a runbook that is no link is left out: %s', (_, runbookUrl) => {
  const transition = transitionOf('not_listening', { runbookUrl });
  for (const format of ALERT_FORMATS) {
    expect(render(format, transition, DEPLOYMENT)?.body).not.toMatch(/Runbook|Bcc|javascript|x{100}/);
  }
});
