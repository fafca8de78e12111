import { Command } from 'commander';
import { type WrittenSettings, withSettings } from '../endpoint-flags.ts';
import { examples, group, type WrittenApi, withApi } from '../options.ts';

/** What is watched: list (also when nothing else is said), show, add, set, remove. */
export const endpointsCommand = (): Command =>
  group('endpoints', 'what is watched', [list(), show(), add(), set(), remove()]).addHelpText(
    'after',
    examples(
      'parallax endpoints                                     all of them, as parallax endpoints list',
      'parallax endpoints add shop shop.example.com:443 --handshake http2 --team web',
      'parallax endpoints set shop --interval 30',
      'parallax endpoints remove shop',
      'parallax endpoints add --help                          the options of one of them',
    ),
  );

const list = (): Command =>
  withApi(
    new Command('list')
      .description('all endpoints')
      .option('--tag <tag>', 'only with this tag')
      .option('--team <team>', 'only of this team'),
  )
    .addHelpText(
      'after',
      examples('parallax endpoints list --team web', "parallax endpoints --json | jq -r '.items[].id'"),
    )
    .action(async (options: WrittenApi & { readonly tag?: string; readonly team?: string }) => {
      const { runEndpoints } = await import('../endpoints.ts');
      process.exitCode = await runEndpoints(options);
    });

const show = (): Command =>
  withApi(new Command('show').description('all that is said of one').argument('<id>', 'the endpoint'))
    .addHelpText('after', examples('parallax endpoints show shop'))
    .action(async (id: string, options: WrittenApi) => {
      const { runShow } = await import('../endpoints.ts');
      process.exitCode = await runShow(id, options);
    });

type WrittenAdd = WrittenApi & WrittenSettings & { readonly handshake: 'tcp' | 'tls' | 'http2' };

const add = (): Command =>
  withApi(
    withSettings(
      new Command('add')
        .description('watch another one; what is not said has its default')
        .argument('<id>', 'lower-case letters, digits and hyphens: as you call it from now on')
        .argument('<host:port>', 'a name or an address, and a port'),
    ),
  )
    .addHelpText(
      'after',
      examples(
        'parallax endpoints add shop shop.example.com:443 --handshake http2',
        "parallax endpoints add db '[2001:db8::7]:5432' --handshake tcp --tag db --tag prod --alert-after 0",
      ),
    )
    .action(async (id: string, target: string, options: WrittenAdd, command: Command) => {
      if (options.handshake === undefined) {
        command.error("error: required option '--handshake <stage>' not specified: tcp, tls or http2");
      }
      const { runAdd } = await import('../endpoints.ts');
      process.exitCode = await runAdd(id, target, options);
    });

const set = (): Command =>
  withApi(
    withSettings(
      new Command('set')
        .description('change some of what is said of one; the rest stays')
        .argument('<id>', 'the endpoint')
        .option('--target <host:port>', 'what is tried'),
    ),
  )
    .addHelpText(
      'after',
      examples(
        'parallax endpoints set shop --team web --tag shop --tag prod     these tags, and no others',
        "parallax endpoints set shop --team '' --tag ''                   none any more",
        'parallax endpoints set shop --no-enabled',
      ),
    )
    .action(async (id: string, options: WrittenApi & WrittenSettings & { readonly target?: string }) => {
      const { runSet } = await import('../endpoints.ts');
      process.exitCode = await runSet(id, options);
    });

const remove = (): Command =>
  withApi(
    new Command('remove')
      .alias('rm')
      .alias('delete')
      .description('watch one no longer; what is open of it is resolved')
      .argument('<id>', 'the endpoint'),
  )
    .addHelpText('after', examples('parallax endpoints remove shop'))
    .action(async (id: string, options: WrittenApi) => {
      const { runRemove } = await import('../endpoints.ts');
      process.exitCode = await runRemove(id, options);
    });
