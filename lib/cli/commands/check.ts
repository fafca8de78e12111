import { Command, Option } from 'commander';
import { HANDSHAKES } from '../../outcome/outcome.ts';
import type { WrittenCheck } from '../check/run.ts';
import { examples, withApi } from '../options.ts';

const AFTER = `${examples(
  'parallax check shop.example.com:443                     from here, as far as tls',
  'parallax check shop.example.com:443 --handshake http2 --watch --every 2',
  'parallax check 192.0.2.7:5432 --everywhere              from every region of the deployment',
  'parallax check shop --everywhere --json | jq .rule      an endpoint that is registered',
  'parallax check --id 3f2a91c04be7d815                    what the regions saw, again',
)}

Exit codes
  0 passing   1 failing   2 not understood   3 inconclusive, or the API cannot be asked
Names are asked of DNS alone, as probers do, and not of /etc/hosts; only localhost is this machine without asking.`;

export const checkCommand = (): Command =>
  withApi(
    new Command('check')
      .description(
        'try a port once, now: from here, or from every region; nothing is judged, nobody is alerted',
      )
      .argument('[host:port]', 'what to try; with --everywhere also the id of an endpoint')
      .addOption(
        new Option(
          '--handshake <stage>',
          'how far (default: tls on ports of TLS such as 443, else tcp)',
        ).choices([...HANDSHAKES]),
      )
      .option('--everywhere', 'from every region of the deployment at --api', false)
      .option('--regions <a,b>', 'from these of them')
      .option('--id <id>', 'show what the regions saw in a check that was made')
      .option('--watch', 'again and again until Ctrl-C, a line each', false)
      .option('--every <seconds>', 'how often (default: 5, everywhere 10)')
      .option('--server-name <name>', 'for SNI and the certificate (default: the host)')
      .addOption(new Option('--certificate <how>', 'whether a bad one fails').choices(['verify', 'ignore']))
      .addOption(
        new Option('--address-family <family>', 'of the address of a name').choices(['ipv4', 'ipv6']),
      )
      .option('--resolver <address[:port]>', 'ask this one for the name, from here (default: the system’s)'),
    'one JSON object; with --watch one a line',
  )
    .addHelpText('after', AFTER)
    .action(async (what: string | undefined, written: WrittenCheck) => {
      const { runCheck } = await import('../check/run.ts');
      const stop = new AbortController();
      // A second one ends the process as ever.
      if (written.watch) process.once('SIGINT', () => stop.abort());
      const code = await runCheck(what, written, stop.signal);
      // What is under way when somebody has seen enough is not waited for.
      if (stop.signal.aborted) process.exit(code);
      process.exitCode = code;
    });
