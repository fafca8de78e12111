import type { LabCertificates } from './certificates.ts';
import { alert, type Family, NOT_TLS, NOTHING_AGREED, PASSED, type Row, row, SHOP } from './family.ts';
import type { Site } from './site.ts';

async function start(site: Site, { identities }: LabCertificates, program: string): Promise<void> {
  const { cert, key } = await site.identity('shop', identities['P-256']);
  // Only its own user may give exim another configuration: whoever runs it, or who stands for root (see Site).
  const [user, group] = [process.getuid?.() || 1000, process.getgid?.() || 1000];
  const spool = await site.folder('spool');
  const configuration = await site.file(
    'exim.conf',
    `spool_directory = ${spool}
log_file_path = ${site.directory}/%s.log
pid_file_path = ${site.directory}/pid
exim_user = ${user}
exim_group = ${group}
primary_hostname = shop.test
host_lookup =
rfc1413_hosts =
keep_environment =
local_interfaces = <; [${site.address}]:8025 ; [${site.address}]:8465
tls_on_connect_ports = 8465
tls_advertise_hosts = *
tls_certificate = ${cert}
tls_privatekey = ${key}
begin acl
begin routers
begin transports
`,
  );
  site.spawn([program, '-C', configuration, '-bdf']);
}

const rows: readonly Row[] = [
  row(8025, 'tcp', 'SMTP, TCP alone', PASSED),
  row(8025, 'tls', 'SMTP with STARTTLS, asked for TLS', NOT_TLS),
  row(8465, 'tls', 'SMTP over TLS', PASSED, { tls: { version: 'TLSv1.3', alpn: null }, certificate: SHOP }),
  // It speaks only smtp and refuses who offers other protocols, so that nobody can pass it off as a web server.
  row(8465, 'http2', 'SMTP over TLS, asked for HTTP/2', alert('no_application_protocol'), NOTHING_AGREED),
];

export const mail: Family = { name: 'Exim', program: 'exim4', start, rows };
