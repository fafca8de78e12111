import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { alternativeNames, certificateReason, factsOf, isFor } from '../../lib/probe/certificate.ts';
import { certificates } from '../support/certificates.ts';

describe('certificates', () => {
  it('reads alternative names, at most 100, quoted ones included', () => {
    expect(alternativeNames('DNS:a.test, IP Address:192.0.2.1, email:x@y, DNS:b.test')).toEqual([
      'a.test',
      '192.0.2.1',
      'b.test',
    ]);
    expect(alternativeNames('DNS:"evil, DNS:bank.test", DNS:a.test')).toEqual([
      'evil, DNS:bank.test',
      'a.test',
    ]);
    expect(alternativeNames(Array.from({ length: 300 }, (_, n) => `DNS:${n}.test`).join(', '))).toHaveLength(
      100,
    );
    expect(alternativeNames(undefined)).toEqual([]);
  });

  it('are read once', async () => {
    const { good } = await certificates();
    expect(factsOf(new X509Certificate(good.cert))).toBe(factsOf(new X509Certificate(good.cert)));
  });

  it('are for the names they carry, wildcards and addresses included', async () => {
    const leaf = new X509Certificate((await certificates()).good.cert);
    const names = ['shop.test', 'eu.shop.test', '127.0.0.1', 'a.b.shop.test', 'other.test', '127.0.0.9'];
    expect(names.map((name) => isFor(leaf, name))).toEqual([true, true, true, false, false, false]);
  });

  it('name an unusual reason by its code', () => {
    expect(certificateReason('CERT_REVOKED')).toBe('revoked');
    expect(certificateReason('INVALID_PURPOSE')).toBe('invalid_purpose');
  });
});
