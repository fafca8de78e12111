import { expect, test } from 'vitest';
import { render } from '../../lib/alert/alert.ts';
import { duration } from '../../lib/alert/time.ts';
import { RULES } from '../../lib/verdict/verdict.ts';
import { DEPLOYMENT, lifeOf, SINCE, transitionOf } from '../support/transitions.ts';

test('the mail of a block, to the letter', () => {
  const told = render('email', transitionOf('blocked_from_some'), DEPLOYMENT);
  expect(told?.subject).toBe('[P2] Shop blocked from eu-west-1 (tcp timeout), listening from 5 regions');
  const lines = told?.body.split('\n') ?? [];
  expect(lines.slice(0, 4)).toEqual([
    'Shop (shop.example.com:443, http2) is blocked from eu-west-1 (1 of 6 regions) since 03:12:05 UTC (31 s).',
    '',
    '  blocked    eu-west-1       tcp timeout, 4 of 4 tries   203.0.113.7   tried from 3.250.1.2',
    '  listening  eu-central-1    dns 1.2  tcp 23.1  tls 25.0  http2 23.4 ms      203.0.113.7',
  ]);
  expect(lines).toContain(
    'The same address answers elsewhere and eu-west-1 reaches its control endpoints: something between AWS eu-west-1 and 203.0.113.7 drops it.',
  );
  expect(lines.at(-2)).toBe('Sent by Parallax "prod" (123456789012, eu-central-1). Rule blocked_from_some.');
});

test('a region without controls is not said to have reached them', () => {
  const told = render('email', transitionOf('blocked_from_some'), { ...DEPLOYMENT, controls: [] });
  expect(told?.body).not.toContain('control');
});

test('"blocked" is said under blocked_from_some and nowhere else', () => {
  for (const rule of RULES) {
    const trigger = render('email', transitionOf(rule), DEPLOYMENT);
    expect(/\bblocked\b/.test(trigger?.subject ?? '')).toBe(rule === 'blocked_from_some');
    if (rule === 'blocked_from_some') continue;
    for (const transition of lifeOf(rule)) {
      expect(render('email', transition, DEPLOYMENT)?.body).not.toMatch(/\bblocked\b/);
    }
  }
});

test('all events of an incident carry one dedupKey, and the pager tells two of them', () => {
  for (const rule of RULES) {
    const told = lifeOf(rule).map((transition) => render('pager', transition, DEPLOYMENT));
    expect(told.map((one) => one !== null)).toEqual([true, false, false, true]);
    const [alarm, ok] = told.flatMap((one) => (one === null ? [] : [one]));
    expect(alarm?.subject).toBe('ALARM: "Shop" in eu-central-1');
    expect(ok?.subject).toBe('OK: "Shop" in eu-central-1');
    const bodies = [alarm, ok].map((one) => JSON.parse(one?.body ?? ''));
    expect(bodies.map((body) => [body.NewStateValue, body.OldStateValue])).toEqual([
      ['ALARM', 'OK'],
      ['OK', 'ALARM'],
    ]);
    for (const body of bodies) {
      expect(body.AlarmName).toBe('shop-mi6wq3mg');
      expect(body.parallax.dedupKey).toBe('shop-mi6wq3mg');
      expect(body.parallax.rule).toBe(rule);
      expect(body.AlarmDescription).toMatch(/^\[P[123]\] Shop .*Runbook https:\/\/wiki\.example\.com\/shop$/);
      expect(body.StateChangeTime).toMatch(/^2026-11-20T03:\d\d:\d\d\.000\+0000$/);
    }
  }
});

test('an incident that ends without recovery is not called resolved', () => {
  for (const end of ['changed', 'no_longer_watched', 'no_data'] as const) {
    const transition = transitionOf('not_listening', { event: 'resolve', end, at: SINCE + 420_000 });
    const told = render('email', transition, DEPLOYMENT);
    expect(told?.subject).toMatch(/^\[CLOSED\] /);
    expect(told?.body).toContain('recovery was not seen');
    const alert = JSON.parse(render('json', transition, DEPLOYMENT)?.body ?? '');
    expect(alert).toMatchObject({
      event: 'resolve',
      end,
      resolvedAt: '2026-11-20T03:19:05.000Z',
      checklist: [],
    });
  }
});

test('the checklist asks an endpoint known by its address for its server name, which the json alert does not tell', () => {
  const transition = transitionOf('handshake_differs');
  const endpoint = { ...transition.endpoint, host: '203.0.113.7', serverName: 'sni.example' };
  const alert = JSON.parse(render('json', { ...transition, endpoint }, DEPLOYMENT)?.body ?? '');
  expect(alert.checklist.join('\n')).toContain('-connect 203.0.113.7:443 -servername sni.example ');
  expect(Object.keys(alert.endpoint)).toEqual(['id', 'name', 'host', 'port', 'handshake', 'team']);
});

test.each([
  [0, '0 s'],
  [119_999, '119 s'],
  [120_000, '2 min'],
  [420_000, '7 min'],
  [7_200_000, '2 h'],
  [7_500_000, '2 h 5 min'],
  [172_800_000, '2 d'],
  [190_000_000, '2 d 4 h'],
  [-5, '0 s'],
])('%d ms is %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test('the end of what came and went says so, and why it is told late', () => {
  const told = transitionOf('not_listening', {
    event: 'resolve',
    end: 'recovered',
    flapping: true,
    at: SINCE + 820_000,
    endedAt: SINCE + 200_000,
  });
  const { subject, body } = render('email', told, DEPLOYMENT) ?? {};
  expect(subject).toContain('[RESOLVED] Shop');
  expect(body).toMatch(
    /it was flapping, time and again refused from all regions \(3 min\)\. It has held since/,
  );
  expect(JSON.parse(render('json', told, DEPLOYMENT)?.body ?? '').summary).toMatch(
    /had been flapping, refused/,
  );
});

test('a name that the alphabet of a format has not is told as the id', () => {
  const named = (name: string) => {
    const transition = transitionOf('not_listening');
    return render('sms', { ...transition, endpoint: { ...transition.endpoint, name } }, DEPLOYMENT)?.body;
  };
  expect(named('магазин')).toMatch(/^P1 shop refused/);
  expect(named('Café Zürich')).toMatch(/^P1 Cafe Zurich refused/);
  expect(named('what? why?')).toMatch(/^P1 what\? why\? refused/);
});
