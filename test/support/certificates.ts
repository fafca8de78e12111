import { type Holder, type Identity, identity, issue, type Wanted } from './issue.ts';

export type { Identity } from './issue.ts';

export interface Certificates {
  /** The authority that tests trust, PEM. */
  readonly authority: string;
  /** For `localhost`, `shop.test`, `*.shop.test`, 127.0.0.0/8's first addresses and ::1; leaf and intermediate sent. */
  readonly good: Identity;
  readonly expired: Identity;
  readonly notYetValid: Identity;
  readonly wrongHost: Identity;
  readonly selfSigned: Identity;
  readonly unknownAuthority: Identity;
  /** Signed by the intermediate that the server does not send. */
  readonly withoutIntermediate: Identity;
}

const SERVER: Wanted = {
  subject: 'CN=shop.test',
  names: ['localhost', 'shop.test', '*.shop.test', 'xn--bcher-kva.test'],
  addresses: ['127.0.0.1', '127.0.0.2', '::1'],
};

async function make(): Promise<Certificates> {
  const root = await issue({ subject: 'CN=Parallax test root', authority: true }, null);
  const middle = await issue({ subject: 'CN=Parallax test intermediate', authority: true }, root);
  const stranger = await issue({ subject: 'CN=Stranger root', authority: true }, null);
  const leaf = (wanted: Partial<Wanted>): Promise<Holder> => issue({ ...SERVER, ...wanted }, root);
  return {
    authority: root.certificate.toString('pem'),
    good: await identity(await issue(SERVER, middle), middle),
    expired: await identity(await leaf({ from: -10, to: -1 })),
    notYetValid: await identity(await leaf({ from: 1 })),
    wrongHost: await identity(await leaf({ subject: 'CN=other', names: ['other.test'], addresses: [] })),
    selfSigned: await identity(await issue(SERVER, null)),
    unknownAuthority: await identity(await issue(SERVER, stranger), stranger),
    withoutIntermediate: await identity(await issue(SERVER, middle)),
  };
}

let made: Promise<Certificates> | undefined;

/** All certificates of the tests, made once a process, in JavaScript alone. */
export function certificates(): Promise<Certificates> {
  made ??= make();
  return made;
}

export interface Authority {
  /** PEM. */
  readonly authority: string;
  issue(address: string): Promise<Identity>;
  /** For names alone. */
  issueFor(names: readonly string[]): Promise<Identity>;
}

/** An authority of its own that issues certificates for addresses and names. */
export async function makeAuthority(): Promise<Authority> {
  const root = await issue({ subject: 'CN=Parallax lab root', authority: true }, null);
  return {
    authority: root.certificate.toString('pem'),
    issue: async (address) => identity(await issue({ subject: 'CN=lab server', addresses: [address] }, root)),
    issueFor: async (names) => identity(await issue({ subject: 'CN=lab server', names }, root)),
  };
}
