import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

/** A host in the form in which it is stored: names lower-case ASCII without a trailing dot, addresses canonical. */
export interface Host {
  readonly kind: 'name' | 'ipv4' | 'ipv6';
  readonly host: string;
}

/** RFC 1035 section 2.3.4: a label has at most 63 octets; 253 characters are what its 255 octets leave for the text. */
const NAME_CHARACTERS = 253;
/** A name that means the machine itself, wherever it is asked (RFC 6761 section 6.3). `name`: in the stored form. */
export const isLocalhost = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost');

/** LDH as in RFC 1123 section 2.1; names with an underscore exist and resolve, so they may be watched. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** A name whose last label reads as a number is an address to some resolvers and not to others. */
const ENDS_IN_NUMBER = /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/i;
const CHARACTERS_READ = 1000;

/** What `text` has that a host has not, and the remedy; null when there is nothing of the kind. */
function notOfAHost(text: string): string | null {
  if (text === '') return 'must not be empty: write a name or an address, such as shop.example.com';
  if (text.length > CHARACTERS_READ) return `must have at most ${NAME_CHARACTERS} characters`;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return 'must be without a scheme: write only what follows "://"';
  if (/[/\\?#]/.test(text)) return 'must be without a path: write only the name or the address';
  if (text.includes('@')) return 'must be without a user: write only what follows the "@"';
  if (/[[\]]/.test(text)) return 'must be without brackets: write an IPv6 address as 2001:db8::1';
  if (/%/.test(text)) return 'must be without "%": no zone index and no percent-encoding';
  if (/[\s\p{Cc}]/u.test(text)) return 'must be without white space and control characters';
  if (/^[^:]*:\d*$/.test(text)) return 'must be without a port: write it in the field "port"';
  if (text.includes(':') && !isIPv6(text)) return 'is not an IPv6 address: write one such as 2001:db8::1';
  return null;
}

/**
 * Reads a host as a user writes it: a name (international ones too) or an address literal.
 *
 * @returns the stored form, or what is wrong with it as the end of a sentence that begins with the field's name.
 */
export function parseHost(text: string): Host | { readonly error: string } {
  const error = notOfAHost(text);
  if (error !== null) return { error };
  if (isIPv6(text)) return { kind: 'ipv6', host: new URL(`http://[${text}]`).hostname.slice(1, -1) };
  if (isIPv4(text)) return { kind: 'ipv4', host: text };
  if (ENDS_IN_NUMBER.test(text)) return { error: 'is not an IPv4 address: write one such as 192.0.2.1' };
  const host = domainToASCII(text).replace(/\.$/, '');
  // Full-width digits become an address only here.
  if (ENDS_IN_NUMBER.test(host)) return { error: 'is not an IPv4 address: write one such as 192.0.2.1' };
  if (host.length > NAME_CHARACTERS) return { error: `must have at most ${NAME_CHARACTERS} characters` };
  const labels = host.split('.');
  if (labels.some((label) => label.length > 63)) {
    return { error: 'must have at most 63 characters between two dots' };
  }
  if (!labels.every((label) => LABEL.test(label))) {
    return { error: 'is not a name: use letters, digits, hyphens and dots, such as shop.example.com' };
  }
  return { kind: 'name', host };
}
