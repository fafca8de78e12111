import { expect, test } from 'vitest';
import { render } from '../../lib/alert/alert.ts';
import type { Transition } from '../../lib/incident/state.ts';
import type { Rule } from '../../lib/verdict/verdict.ts';
import { ADDRESS, allListening, DEPLOYMENT, failing, SINCE, transitionOf } from '../support/transitions.ts';

function text(rule: Rule, name: string, over: Partial<Transition> = {}): string {
  const transition = transitionOf(rule, over);
  const endpoint = { ...transition.endpoint, name };
  return render('sms', { ...transition, endpoint }, DEPLOYMENT)?.body ?? '';
}

const long = 'n'.repeat(300);
const someFail = (...regions: readonly string[]) => ({
  regions: [...regions.map((region) => failing(region)), ...allListening.slice(regions.length)],
});

test.each<[string, string, RegExp]>([
  [
    'a long name gives way',
    text('blocked_from_some', long),
    /^P2 n{60,}\.\.\. blocked from eu-west-1 since 03:12 UTC \(tcp timeout\), 5 regions ok$/,
  ],
  [
    'then where it is well',
    text('dead_address_from_some', long, { event: 'update', reminder: true, flapping: true }),
    /^P2 reminder: n{20,}\.\.\. flapping, gives no answer to eu-west-1, eu-central-1 since 03:12 UTC \(tcp timeout at 203\.0\.113\.9\)$/,
  ],
  [
    'then the outcomes, and what is wrong, where and since when is left',
    text('blocked_from_some', long, someFail('r'.repeat(37), 's'.repeat(37))),
    /^P2 n{20,}\.\.\. blocked from r{37}, s{37} since 03:12 UTC$/,
  ],
  [
    'the time stays whatever the regions are called',
    text('blocked_from_some', long, someFail('r'.repeat(300), 's'.repeat(300))),
    /^P2 n{21}\.\.\. blocked from r{39}\.\.\., s+\.\.\. since 03:12 UTC$/,
  ],
  [
    'an incident of yesterday says so',
    text('not_listening', 'Shop', { at: SINCE + 86_400_000, event: 'update', reminder: true }),
    /^P1 reminder: Shop refused from all 6 regions since 20 Nov 03:12 UTC$/,
  ],
  [
    'its end too',
    text('not_listening', 'Shop', { at: SINCE + 86_400_000, event: 'resolve', end: 'no_longer_watched' }),
    /^CLOSED Shop no longer watched, was not seen to recover in 24 h \(20 Nov 03:12-03:12 UTC\), had been refused from all regions$/,
  ],
  [
    'whoever acknowledged is named',
    text('not_listening', 'Shop', {
      event: 'acknowledge',
      acknowledged: { by: 'Ada [ops]', note: null, at: SINCE, until: null },
    }),
    /^P1 ACK by Ada \(ops\): Shop refused from all 6 regions since 03:12 UTC$/,
  ],
  [
    'what GSM 7-bit has not, or not in one septet, is replaced',
    text('not_listening', '`a^b{c}[d]~e|f\\g'),
    /^P1 'a'b\(c\)\(d\)-e\/f\/g refused from all 6 regions since 03:12 UTC$/,
  ],
])('%s', (_, said, expected) => {
  expect(said).toMatch(expected);
  expect(said.length).toBeLessThanOrEqual(140);
});

test(`one address is named as such: ${ADDRESS}`, () => {
  const regions = [failing('eu-west-1'), ...allListening.slice(1)];
  expect(text('dead_address_from_some', 'Shop', { regions })).toContain(`(tcp timeout at ${ADDRESS})`);
});
