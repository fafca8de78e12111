import { code, table } from './markdown.ts';
import { FROM_ALL, FROM_SOME, RULE_MEANS } from './rule-words.ts';

const sameAddress = (listens: boolean | null): string =>
  listens === null ? 'either' : listens ? 'yes' : 'no, or not known';

/** How what the regions say becomes one verdict. */
export function rulesLines(): string[] {
  return [
    '## From evidence to verdict',
    '',
    'A region fails once two conclusive tries that began at least 5 s apart have failed; it listens by a try that passed after the',
    'trouble began. `inconclusive` counts as neither: a region that says nothing else for max(3 intervals, 180 s) is unknown and leaves',
    'the quorum. An address that no region may dial is no exception: its endpoint ends as `not_watched`, and says why.',
    '',
    'Where some regions fail and others listen, each failing region has its rule, and that of the most regions is the verdict:',
    '',
    ...table(
      ['evidence where it fails', 'the same address listens elsewhere', 'rule'],
      FROM_SOME.map(({ evidence, sameAddressListens, rule }) => [
        code(evidence),
        sameAddress(sameAddressListens),
        code(rule),
      ]),
    ),
    '',
    'Where every region that counts fails (two at least, or the only one there is, three times):',
    '',
    ...table(
      ['evidence everywhere', 'rule'],
      [
        ...FROM_ALL.map(({ seen, rule }) => [seen.map(code).join(' or '), code(rule)]),
        ['anything else', code('fails_everywhere_mixed')],
      ],
    ),
    '',
    'unless one of them gets through at another address of the name: then it is `dead_address_from_some`.',
    '',
    ...table(
      ['rule', 'what it says'],
      Object.entries(RULE_MEANS).map(([rule, means]) => [code(rule), means]),
    ),
    '',
  ];
}
