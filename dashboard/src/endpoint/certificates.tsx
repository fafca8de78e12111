import type { Certificate, RegionReport } from '../types.ts';
import { Source } from '../ui/source.tsx';
import { now, utc } from '../ui/time.tsx';

interface CertificatesOptions {
  readonly reports: readonly RegionReport[];
  readonly certificates: readonly Certificate[];
}

const DAY_MS = 86_400_000;

/** What each region was led to and shown; whatever is not as most regions have it is marked. */
export function Certificates({ reports, certificates }: CertificatesOptions) {
  const rows = reports.map((report) => {
    const seen = certificates.find(
      ({ sha256 }) => report.certificate !== null && sha256.startsWith(report.certificate),
    );
    return { report, seen, fingerprint: report.certificate?.slice(0, 8) ?? null };
  });
  const usualAddress = mostFrequent(rows.map(({ report }) => report.address));
  const usualCertificate = mostFrequent(rows.map(({ fingerprint }) => fingerprint));
  const shown = rows.some(({ fingerprint }) => fingerprint !== null);
  return (
    <section aria-labelledby="addresses">
      <h2 id="addresses">Addresses and certificates</h2>
      <div class="wide">
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">region</th>
              <th scope="col">address tried</th>
              {shown && <th scope="col">certificate</th>}
              {shown && <th scope="col">issued by</th>}
              {shown && <th scope="col">valid until</th>}
              <th scope="col">tried from</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ report, seen, fingerprint }) => (
              <tr key={report.region}>
                <th scope="row">{report.region}</th>
                <td data-name="address">
                  <Value text={report.address} usual={usualAddress} />
                  {report.elsewhere && (
                    <span class="dim">
                      {' '}
                      at {report.elsewhere.address} too: {report.elsewhere.outcome}
                    </span>
                  )}
                </td>
                {shown && (
                  <td data-name="certificate">
                    <Value text={fingerprint} usual={usualCertificate} />{' '}
                    {seen && <span class="dim">{seen.names.slice(0, 2).join(', ') || seen.subject}</span>}
                  </td>
                )}
                {shown && <td data-name="issued by">{seen?.issuer ?? '–'}</td>}
                {shown && <td data-name="valid until">{seen ? <Validity certificate={seen} /> : '–'}</td>}
                <td data-name="tried from">
                  <Source address={report.sourceAddress} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Value({ text, usual }: { readonly text: string | null; readonly usual: string | null }) {
  if (text === null) return <span class="dim">–</span>;
  if (text === usual) return <code>{text}</code>;
  return (
    <mark class="differs">
      <code>{text}</code> differs
    </mark>
  );
}

function Validity({ certificate: { notAfter } }: { readonly certificate: Certificate }) {
  const days = Math.floor((Date.parse(notAfter) - now.value) / DAY_MS);
  const words = days < 0 ? `expired ${-days} d ago` : `${days} d left`;
  return (
    <>
      <span class={days < 14 ? 'failing' : ''}>{words}</span> <span class="dim">{utc(notAfter, false)}</span>
    </>
  );
}

/** Null where there is none, or two are as frequent: then nobody can say which differs, and all but the first are marked. */
function mostFrequent(values: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
