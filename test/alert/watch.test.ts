import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { render } from '../../lib/alert/alert.ts';
import { alertSchema } from '../../lib/alert/schema.ts';
import { ALERT_FORMATS } from '../../lib/deployment/configuration.ts';
import { EVENTS } from '../../lib/incident/state.ts';
import { type Finding, WATCH_ENDS, WATCH_KINDS } from '../../lib/incident/watch-state.ts';
import { hostileText } from '../support/hostile-text.ts';
import { expectReceivable } from '../support/receivers.ts';
import { DEPLOYMENT } from '../support/transitions.ts';
import { FINDINGS, watchTransitionOf } from '../support/watch.ts';

const json = (...[transition, deployment = DEPLOYMENT]: Parameters<typeof watchAlert>) =>
  watchAlert(transition, deployment);

function watchAlert(
  transition: Parameters<typeof render>[1],
  deployment: Parameters<typeof render>[2] = DEPLOYMENT,
) {
  return JSON.parse(render('json', transition, deployment)?.body ?? '');
}

describe('an alert about a region', () => {
  test('has a region and no endpoint, as do its attributes', () => {
    const transition = watchTransitionOf(FINDINGS.region_unhealthy);
    expect(json(transition)).toMatchObject({
      endpoint: null,
      region: 'eu-west-1',
      endpoints: [],
      failingRegions: [],
      listeningRegions: [],
      unknownRegions: ['eu-west-1'],
      regions: [],
      rule: 'region_unhealthy',
      kind: 'region_unhealthy',
      summary:
        'Parallax in eu-west-1 cannot reach its control endpoints (0 of 3) since 03:12:05 UTC: what it sees does not count',
    });
    for (const format of ALERT_FORMATS) {
      expect(render(format, transition, DEPLOYMENT)?.attributes).toEqual({
        event: 'trigger',
        kind: 'region_unhealthy',
        severity: 'P3',
        region: 'eu-west-1',
      });
    }
  });

  test('that loses packets says so, and what does not count', () => {
    const finding = { ...FINDINGS.region_unhealthy, passed: 3, syns: 16, lost: 5 };
    expect(json(watchTransitionOf(finding)).summary).toBe(
      'Parallax in eu-west-1 has lost packets on the way to its control endpoints (5 of 16) since 03:12:05 UTC: what times out there does not count',
    );
  });

  test('says what becomes of its endpoints, also where there is no other region', () => {
    const of = (regions: number) =>
      render('email', watchTransitionOf(FINDINGS.region_silent, { regions }), DEPLOYMENT)?.body;
    expect(of(6)).toContain('judged without it, by what the other 5 regions say');
    expect(of(2)).toContain('judged without it, by what the other region says');
    expect(of(1)).toContain('there is no other region: nothing is judged');
  });

  test('names the controls as they are dialled, and none where there are none', () => {
    const transition = watchTransitionOf(FINDINGS.region_unhealthy);
    expect(json(transition).checklist.join()).toContain(
      'nc -vz -w 3 1.1.1.1 443; nc -vz -w 3 8.8.8.8 443; nc -vz -w 3 2620:fe::fe 443',
    );
    expect(json(transition, { ...DEPLOYMENT, controls: [] }).checklist.join()).not.toContain('nc -vz');
  });

  test.each(WATCH_KINDS)('%s: its commands are ones that a shell can read', (kind) => {
    const { checklist } = json(watchTransitionOf(FINDINGS[kind]));
    const commands = checklist.flatMap((line: string) => /(?:: |\? )((?:aws|nc) .*)$/.exec(line)?.[1] ?? []);
    // All but what is a page, or Parallax's own.
    expect(commands.length).toBeGreaterThanOrEqual(Math.max(1, checklist.length - 2));
    for (const command of commands) execFileSync('sh', ['-n', '-c', command]);
  });
});

/** The same of a region of that name; a finding about the deployment has none. */
const of = (finding: Finding, region: string): Finding =>
  finding.kind === 'judge_lagging' || finding.kind === 'untold_alerts' ? finding : { ...finding, region };

test('property: whatever a region, a deployment or a control is called, the limits of SNS are kept', () => {
  const transitions = fc.record({
    region: hostileText,
    kind: fc.constantFrom(...WATCH_KINDS),
    event: fc.constantFrom(...EVENTS),
    end: fc.constantFrom(null, ...WATCH_ENDS),
    name: hostileText,
    controls: fc.array(hostileText, { maxLength: 8 }),
    regions: fc.integer({ min: 1, max: 34 }),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...ALERT_FORMATS),
      transitions,
      (format, { region, kind, name, controls, ...over }) => {
        const transition = watchTransitionOf(of(FINDINGS[kind], region), over);
        const told = render(format, transition, { ...DEPLOYMENT, name, controls });
        if (told === null) {
          expect([format, ['update', 'acknowledge'].includes(over.event)]).toEqual(['pager', true]);
          return;
        }
        expect(told.subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
        expect(Buffer.byteLength(told.body)).toBeLessThanOrEqual(8 * 1024);
        expect(told.body.isWellFormed()).toBe(true);
        expect(Object.values(told.attributes)).not.toContain('');
        expectReceivable(format, told.body);
        if (format === 'email') expect(told.body).not.toMatch(/^Bcc|^ {2}\d\..*(\$\(reboot|`)/m);
        if (format === 'json') expect(alertSchema.safeParse(JSON.parse(told.body)).error).toBeUndefined();
      },
    ),
    { numRuns: 300 },
  );
});
