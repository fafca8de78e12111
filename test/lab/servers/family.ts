import type { Evidence, Handshake, OutcomeOf } from '../../../lib/outcome/outcome.ts';
import type { Target } from '../../../lib/probe/ladder.ts';
import type { CertificateFacts } from '../../../lib/round/certificate.ts';
import type { TlsFacts } from '../../../lib/round/observation.ts';
import type { LabCertificates } from './certificates.ts';
import type { Site } from './site.ts';

type FailingStage = 'tcp' | 'tls' | 'http2';

/** How a try must end. */
export type Expected =
  | { readonly passed: true }
  | {
      [S in FailingStage]: {
        readonly passed: false;
        readonly stage: S;
        readonly outcome: OutcomeOf<S>;
        readonly evidence: Evidence;
        /** Several: versions of the program differ. */
        readonly reason?: string | null | readonly string[];
      };
    }[FailingStage]
  /** Whether the RST overtakes the hand-over of the connection is the kernel's affair. */
  | {
      readonly passed: false;
      readonly stage?: never;
      readonly outcome: 'reset';
      readonly evidence: 'interfered';
    };

/** One thing asked of one server, and what must be said of it. */
export interface Row {
  readonly name: string;
  readonly port: number;
  readonly handshake: Handshake;
  /** Default: host `shop.test`, the certificate is verified. */
  readonly target?: Partial<Pick<Target, 'host' | 'serverName' | 'certificate'>>;
  readonly expect: Expected;
  /** What is reported of TLS, failing or not; absent: not looked at. */
  readonly tls?: Partial<TlsFacts>;
  /** What is reported of the certificate; null: none may be. */
  readonly certificate?: Partial<CertificateFacts> | null;
}

/** A server program, how it is started, and what its ports do. */
export interface Family {
  readonly name: string;
  /** Looked for in PATH and where Debian keeps servers; the lab skips what is not there. */
  readonly program: string;
  /** Starts all that the rows need, on the site's address; ports that rows name and nothing listens on are `closed`. */
  readonly start: (site: Site, certificates: LabCertificates, program: string) => Promise<void>;
  readonly rows: readonly Row[];
  readonly closed?: readonly number[];
}

/** One row: what a port does, how far the try is to go, how it must end, and what else is looked at. */
export const row = (
  port: number,
  handshake: Handshake,
  name: string,
  expect: Expected,
  rest: Pick<Row, 'target' | 'tls' | 'certificate'> = {},
): Row => ({ port, handshake, name, expect, ...rest });

export const PASSED = { passed: true } as const;
/** The peer said no to the ClientHello: there is nothing to report yet. */
export const NOTHING_AGREED = {
  tls: { version: null, cipher: null, alpn: null },
  certificate: null,
} as const;
/** The certificate that most servers show. */
export const SHOP = { subject: 'CN=shop.test', issuer: 'CN=Lab intermediate', chain: 2 } as const;
export const V12 = { version: 'TLSv1.2', cipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256' } as const;
/** What we offer first, and what servers choose that go by their own order. */
export const V13 = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' } as const;
export const V13_THEIRS = { ...V13, cipher: 'TLS_AES_256_GCM_SHA384' } as const;

const said = (
  outcome: OutcomeOf<'tls'>,
  reason?: string | null | readonly string[],
  evidence: Evidence = 'listening',
): Expected => ({
  passed: false,
  stage: 'tls',
  outcome,
  evidence,
  ...(reason === undefined ? {} : { reason }),
});
export const alert = (...reasons: readonly string[]): Expected => said('tls_alert', reasons);
export const badCertificate = (reason: string): Expected => said('bad_certificate', reason);
export const protocolError = (reason: string): Expected => said('protocol_error', reason);
export const NOT_TLS: Expected = said('not_tls', null);
/** The peer hung up after the ClientHello and without a byte. */
export const CLOSED: Expected = said('closed', null, 'interfered');
/** The peer waits for the end of something that no ClientHello has. */
export const SILENT: Expected = said('timeout', null, 'interfered');
export const RESET: Expected = said('reset', null, 'interfered');
export const RESET_AT_ONCE = { passed: false, outcome: 'reset', evidence: 'interfered' } as const;
export const REFUSED: Expected = { passed: false, stage: 'tcp', outcome: 'refused', evidence: 'refused' };
export const noHttp2 = (alpn: string | null): Expected => ({
  passed: false,
  stage: 'http2',
  outcome: 'alpn_mismatch',
  evidence: 'listening',
  reason: alpn,
});
