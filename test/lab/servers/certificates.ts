import { type Holder, type Identity, identity, issue, type Wanted } from '../../support/issue.ts';

/** The authorities that the lab's tries trust. */
interface Roots {
  readonly ecdsa: Holder;
  readonly rsa: Holder;
}

const NAMES = ['shop.test', '*.shop.test', 'xn--bcher-kva.test'];
const SHOP: Wanted = { subject: 'CN=shop.test', names: NAMES, addresses: ['127.0.0.1', '::1'] };
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

const many = (count: number, name: (n: number) => string): readonly string[] => [
  ...NAMES,
  ...Array.from({ length: count }, (_, n) => name(n)),
];

/** A leaf below a new intermediate, both sent. */
async function below(root: Holder, middle: Partial<Wanted>, leaf: Partial<Wanted> = {}): Promise<Identity> {
  const authority = await issue({ subject: 'CN=Lab intermediate', authority: true, ...middle }, root);
  return identity(await issue({ ...SHOP, ...leaf }, authority), authority);
}

async function deep(root: Holder, length: number): Promise<Identity> {
  const chain: Holder[] = [];
  let signer = root;
  for (let n = 0; n < length; n += 1) {
    signer = await issue({ subject: `CN=Lab intermediate ${n}`, authority: true }, signer);
    chain.unshift(signer);
  }
  return identity(await issue(SHOP, signer), ...chain);
}

/** The trusted root, certified by an authority that expired as well, as the roots of young authorities often are. */
async function crossSigned(root: Holder): Promise<Identity> {
  const old = await issue({ subject: 'CN=Expired root', authority: true, from: -20, to: -1 }, null);
  const crossed = await issue({ subject: root.name, authority: true, keyOf: root, from: -10, to: -1 }, old);
  const middle = await issue({ subject: 'CN=Lab intermediate', authority: true }, root);
  return identity(await issue(SHOP, middle), middle, crossed);
}

async function identities({ ecdsa, rsa }: Roots) {
  const leaf = async (wanted: Partial<Wanted>, signer: Holder | null = ecdsa): Promise<Identity> =>
    identity(await issue({ ...SHOP, ...wanted }, signer));
  const stranger = await issue({ subject: 'CN=Stranger', authority: true }, null);
  return {
    'P-256': await below(ecdsa, {}),
    'P-384': await below(ecdsa, { key: 'P-384' }, { key: 'P-384' }),
    'P-521': await below(ecdsa, { key: 'P-521' }, { key: 'P-521' }),
    Ed25519: await below(ecdsa, { key: 'Ed25519' }, { key: 'Ed25519' }),
    RSA: await below(rsa, { key: 'RSA-2048' }, { key: 'RSA-2048' }),
    'RSA-PSS': await leaf({ key: 'RSA-PSS' }),
    'RSA below ECDSA': await below(ecdsa, {}, { key: 'RSA-2048' }),
    'missing intermediate': await below(ecdsa, {}).then(leafOnly),
    'intermediate twice, root too': await withRoot(ecdsa),
    'wrong order, a stranger among them': await outOfOrder(ecdsa, stranger),
    'no subject': await leaf({ subject: '' }),
    'ten intermediates': await deep(ecdsa, 10),
    'cross-signed': await crossSigned(ecdsa),
    expired: await leaf({ from: -10, to: -1 }),
    'not yet valid': await leaf({ from: 1 }),
    'expired intermediate': await below(ecdsa, { from: -10, to: -1 }),
    'wrong host': await leaf({ subject: 'CN=other.test', names: ['other.test'] }),
    'self-signed': await leaf({}, null),
    'self-signed and expired': await leaf({ from: -10, to: -1 }, null),
    'unknown authority': await leaf({}, stranger),
    'unknown authority, root sent': identityWith(await leaf({}, stranger), stranger),
    'common name only': await leaf({ names: [], addresses: [] }),
    'address only': await leaf({ names: [] }),
    'name constraints that allow': await below(
      ecdsa,
      { permitted: 'shop.test' },
      { names: ['shop.test'], addresses: [] },
    ),
    'name constraints that forbid': await below(ecdsa, { permitted: 'other.test' }),
    'an authority as leaf': await leaf({ authority: true }),
    'signed by a leaf': await below(ecdsa, { authority: false }),
    'for clients only': await leaf({ extendedUsages: [CLIENT_AUTHENTICATION] }),
    'for signing certificates only': await leaf({ usages: 'sign certificates' }),
    'RSA-1024': await leaf({ key: 'RSA-1024' }),
    'SHA-1': await below(rsa, { key: 'RSA-2048 SHA-1' }, { key: 'RSA-2048' }),
    '100 names': await leaf({ names: many(100, (n) => `n${n}.shop.test`) }),
    '10,000 short names': await leaf({ names: many(10_000, (n) => `${n}.s`) }),
    '10,000 names': await leaf({ names: many(10_000, (n) => `name-${n}.shop.test`) }),
  };
}

const leafOnly = (sent: Identity): Identity => ({
  key: sent.key,
  cert: `${sent.cert.split('-----END CERTIFICATE-----')[0]}-----END CERTIFICATE-----\n`,
});
const identityWith = (sent: Identity, extra: Holder): Identity => ({
  key: sent.key,
  cert: `${sent.cert}\n${extra.certificate.toString('pem')}`,
});
async function outOfOrder(root: Holder, stranger: Holder): Promise<Identity> {
  const [upper, lower] = ['CN=Lab intermediate above', 'CN=Lab intermediate'] as const;
  const above = await issue({ subject: upper, authority: true }, root);
  const middle = await issue({ subject: lower, authority: true }, above);
  return identity(await issue(SHOP, middle), above, stranger, middle);
}
async function withRoot(root: Holder): Promise<Identity> {
  const middle = await issue({ subject: 'CN=Lab intermediate', authority: true }, root);
  return identity(await issue(SHOP, middle), middle, middle, root);
}

export type IdentityName = keyof Awaited<ReturnType<typeof identities>>;

export interface LabCertificates {
  /** The authorities to trust, PEM. */
  readonly trust: readonly string[];
  readonly identities: Readonly<Record<IdentityName, Identity>>;
}

/** Every kind of certificate that the lab's servers show. */
export async function labCertificates(): Promise<LabCertificates> {
  const roots = {
    ecdsa: await issue({ subject: 'CN=Lab root', authority: true }, null),
    rsa: await issue({ subject: 'CN=Lab RSA root', authority: true, key: 'RSA-2048' }, null),
  };
  return {
    trust: Object.values(roots).map((root) => root.certificate.toString('pem')),
    identities: await identities(roots),
  };
}
