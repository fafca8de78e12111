/** The full-width twin of an ASCII character (U+FF01 to U+FF5E): it reads alike and marks nothing up. */
const twin = (character: string): string => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0);

/**
 * Text that others wrote, so that no chat client reads markup in it. Slack knows no escape at all and shows the backslash that
 * Teams wants: what would be markup is replaced by its full-width twin. A `_` within a word is none in either.
 */
export function plainText(text: string): string {
  return text
    .replace(/[*~`<>[\]\\]/g, twin)
    .replace(/(?<![a-z0-9])_|_(?![a-z0-9])/gi, twin)
    .replace(/(?<!\w)@(?=\w)/g, twin)
    .replace(/^\s*[#+-]/, (start) => `${start.slice(0, -1)}${twin(start.slice(-1))}`)
    .replace(/^(\s*\d+)([.)])(?=\s)/, (_, digits: string, mark: string) => `${digits}${twin(mark)}`);
}

/** The value with every text in it made plain; words of our own have nothing that changes. */
export function plainTexts<T>(value: T): T {
  return plain(value) as T;
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

/** A line of our own with a command in it, to be copied as it is shown: both clients decode these three. */
export function escapedLine(line: string): string {
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
