import fc from 'fast-check';

/** What somebody might call an endpoint to spoil the alert about it. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    'Shop\r\nBcc: all@example.com',
    'Shop\u2028Subject: x\u0085y\u000bz',
    '\u202egnp.exe\u2066',
    '\u200b\u200d\ufeff\u00ad',
    '\ud83d',
    'a\udc00b',
    '🔥🧑‍🚒 Café Zürich 東京',
    '# **bold** [a](javascript:x) <img src=x>',
    '<!channel> <@U12345> <https://evil.example|Shop> @here &lt;!here&gt;',
    '```\n> quote\n- list\n1. one ~~gone~~ _it_ `code`',
    '[x]: https://evil.example',
    '`^{}[]~|\\@$_€',
    'x'.repeat(10_000),
    '`'.repeat(10_000),
    '🔥'.repeat(10_000),
    '\u0301'.repeat(10_000),
    '\u0000'.repeat(10_000),
    '',
    ' \t ',
    '"; DROP TABLE',
  ),
  fc.string({ unit: 'binary', maxLength: 300 }),
);
