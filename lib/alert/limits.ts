import { Buffer } from 'node:buffer';

/** SNS Publish: a subject is ASCII without line breaks or control characters and *less than* 100 characters long. */
export const SUBJECT_MOST_CHARACTERS = 99;
/** A mail that fits a telephone, and every receiver's limit. */
export const EMAIL_MOST_BYTES = 8 * 1024;
/** SNS and SQS refuse more than 256 KB, attributes included. */
export const JSON_MOST_BYTES = 200 * 1024;

/** What ends a line, hides or reorders text: controls, formats (bidirectional overrides too), separators, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** The text as one printable line of at most `most` characters (code points), cut with `…`. */
export function oneLine(text: string, most: number): string {
  // Ten times the limit is enough to look at: what is collapsed to nothing beyond it was meant to be a nuisance.
  const start = text.slice(0, most * 10);
  return cut(start.replace(UNPRINTABLE, ' ').replace(/\s+/gu, ' ').trim(), most, '…');
}

/** The same in ASCII: accents are dropped, every other foreign character is `?`; cut with `...`. */
export function asciiLine(text: string, most: number): string {
  const plain = text
    .slice(0, most * 10)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(UNPRINTABLE, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/[^\x20-\x7e]/gu, '?');
  return cut(plain.trim(), most, '...');
}

function cut(text: string, most: number, mark: string): string {
  const characters = [...text];
  return characters.length <= most
    ? text
    : `${characters
        .slice(0, Math.max(0, most - mark.length))
        .join('')
        .trimEnd()}${mark}`;
}

/** `a, b and 3 more`. */
export function listed(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(', ')} and ${rest} more` : items.join(', ');
}

export function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Whole lines of the text, as many as fit into `most` bytes; says how many are missing. */
export function firstLines(text: string, most: number): string {
  if (bytesOf(text) <= most) return text;
  const lines = text.replace(/\n$/, '').split('\n');
  const last = (left: number): string => `… and ${left} more lines\n`;
  let size = bytesOf(last(lines.length));
  let kept = 0;
  for (const line of lines) {
    size += bytesOf(line) + 1;
    if (size > most) break;
    kept += 1;
  }
  return [...lines.slice(0, kept), last(lines.length - kept)].join('\n');
}

/**
 * A value for an SNS message attribute, or null when nothing is left: SNS refuses empty values and what XML 1.0 cannot
 * carry, and its filters do not match characters outside the Basic Multilingual Plane.
 */
export function attributeValue(text: string): string | null {
  const value = text
    .slice(0, 256)
    .replace(/[\u{10000}-\u{10ffff}\p{Cs}\p{Cc}\ufffe\uffff]/gu, '?')
    .trim();
  return value === '' ? null : value;
}
