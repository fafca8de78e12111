import { expect, test } from 'vitest';
import { outcomesDocument } from '../../lib/outcome/document.ts';
import { OUTCOMES } from '../../lib/outcome/outcome.ts';
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
