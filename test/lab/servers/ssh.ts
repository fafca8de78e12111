import type { LabCertificates } from './certificates.ts';
import { type Family, NOT_TLS, PASSED, type Row, row } from './family.ts';
import { find, type Site } from './site.ts';

async function start(site: Site, _: LabCertificates, program: string): Promise<void> {
  const key = `${site.directory}/host`;
  await site.run((await find('ssh-keygen')) ?? 'ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key);
  const configuration = await site.file(
    'sshd_config',
    `ListenAddress ${site.address}:8022
HostKey ${key}
PidFile ${site.directory}/pid
UsePAM no
StrictModes no
`,
  );
  site.spawn([program, '-D', '-e', '-f', configuration]);
}

const rows: readonly Row[] = [
  row(8022, 'tcp', 'a server that speaks first, TCP alone', PASSED),
  row(8022, 'tls', 'a server that speaks first, asked for TLS', NOT_TLS),
  row(8022, 'http2', 'a server that speaks first, asked for HTTP/2', NOT_TLS),
];

export const ssh: Family = { name: 'OpenSSH', program: 'sshd', start, rows };
