import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { alternativeNames, factsOf, isFor } from '../../lib/probe/certificate.ts';
import { certificateReason } from '../../lib/probe/verify.ts';
import { certificates } from '../support/certificates.ts';
import { climb } from '../support/climb.ts';
import { issue } from '../support/issue.ts';
import { tlsServer } from '../support/servers.ts';

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

  it('are for no name that only their subject carries', async () => {
    const leaf = await issue({ subject: 'CN=shop.test', addresses: ['127.0.0.1'] }, null);
    expect(isFor(new X509Certificate(leaf.certificate.toString('pem')), 'shop.test')).toBe(false);
  });

  it('are not for names that a wildcard in the middle of a label would match', async () => {
    const leaf = await issue({ subject: 'CN=shop.test', names: ['s*.shop.test', '*.test'] }, null);
    const certificate = new X509Certificate(leaf.certificate.toString('pem'));
    expect(['sa.shop.test', 'shop.test'].map((name) => isFor(certificate, name))).toEqual([false, false]);
  });

  it('name an unusual reason by its code, or by its text when it has none', () => {
    expect(certificateReason('CERT_REVOKED')).toBe('revoked');
    expect(certificateReason('INVALID_PURPOSE')).toBe('invalid_purpose');
    expect(certificateReason('UNSPECIFIED', 'EE certificate key too weak')).toBe('weak_key');
    expect(certificateReason('UNSPECIFIED', 'unsupported or invalid name syntax')).toBe(
      'unsupported_or_invalid_name_syntax',
    );
    expect(certificateReason('UNSPECIFIED')).toBe('unspecified');
  });

  it('say how many came along each time, not once', async () => {
    const { good } = await certificates();
    const [leaf = '', middle = ''] = good.cert.split(/(?<=-----END CERTIFICATE-----)/);
    const alone = await tlsServer({ key: good.key, cert: leaf });
    const both = await tlsServer({ key: good.key, cert: leaf + middle });
    const all = await certificates();
    const chains: unknown[] = [];
    for (const peer of [both, alone, both]) {
      chains.push((await climb(peer, all, { handshake: 'tls' })).certificate?.chain);
    }
    await Promise.all([alone.close(), both.close()]);
    expect(chains).toEqual([2, 1, 2]);
  });
});
