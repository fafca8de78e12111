import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outcomesDocument } from '../../lib/outcome/document.ts';
import { ERRNOS } from '../../lib/outcome/errnos.ts';
import { OUTCOMES } from '../../lib/outcome/outcome.ts';
import { REASONS } from '../../lib/outcome/reasons.ts';
import { HTTP2_ERRORS } from '../../lib/probe/frames.ts';
import { dnsOutcome } from '../../lib/probe/resolve.ts';
import { tcpOutcome } from '../../lib/probe/tcp.ts';
import { ALERTS } from '../../lib/probe/tls-error.ts';
import { expectGolden } from '../support/golden.ts';

test('docs/outcomes.md is what the outcome table says', () => {
  expectGolden(new URL('../../docs/outcomes.md', import.meta.url), outcomesDocument());
});

test('every outcome has a row and advice', () => {
  const text = outcomesDocument();
  for (const { stage, outcome, wire } of OUTCOMES) {
    expect(text).toContain(`**\`${stage} ${outcome}\`**`);
    expect(text).toMatch(new RegExp(`^\\| \`${outcome}\` .* ${wire} +\\|$`, 'm'));
  }
  expect(text, 'a placeholder nobody fills').not.toMatch(/\{\w+\}/);
});

const documented = new Set(REASONS.flatMap(({ words }) => Object.keys(words)));

/** The words that the code gives as a reason, wherever it does so in so many letters. */
function reasonsInCode(): string[] {
  const room = new URL('../../lib/probe/', import.meta.url);
  const textOf = (file: string): string => readFileSync(new URL(file, room), 'utf8');
  const texts = readdirSync(room).map(textOf);
  const given = [
    ...texts.flatMap((text) => [...text.matchAll(/\breason(?::| =) [^,;}]*/g)]),
    ...texts.flatMap((text) => [...text.matchAll(/\b(?:unsent|bad)\([^)]*\)/g)]),
    // What a chain that did not verify is called.
    ...textOf('verify.ts').matchAll(/(?:\breturn\b|\[\/).*'\w+'.*/g),
  ];
  return given.flatMap(([text]) => [...text.matchAll(/'([a-z0-9_]+)'/g)].map(([, word = '']) => word));
}

test('every reason that the code gives is explained', () => {
  const given = reasonsInCode();
  expect(given, 'the search finds them').toEqual(
    expect.arrayContaining(['region_unhealthy', 'no_ipv6', 'flood', 'not_http2', 'none_sent', 'weak_key']),
  );
  const alerts = Object.values(ALERTS);
  const errors = HTTP2_ERRORS.filter((name) => name !== 'no_error');
  const missing = [...given, ...alerts, ...errors].filter((word) => !documented.has(word));
  expect(missing, 'lib/outcome/reasons.ts lacks them').toEqual([]);
});

test.each(ERRNOS)('$errno is $outcome', ({ errno, outcome }) => {
  const made = outcome.startsWith('dns ')
    ? `dns ${dnsOutcome(errno)}`
    : `tcp ${tcpOutcome({ code: errno }, false)}`;
  expect(made).toBe(outcome);
});
