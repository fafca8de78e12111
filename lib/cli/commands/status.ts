import { Command } from 'commander';
import { examples, type WrittenApi, withApi } from '../options.ts';

export const statusCommand = (): Command =>
  withApi(
    new Command('status')
      .description('what every region says of the endpoints')
      .argument('[id]', 'one endpoint (default: all)'),
  )
    .addHelpText('after', examples('parallax status', 'parallax status shop --json | jq .verdict'))
    .action(async (id: string | undefined, options: WrittenApi) => {
      const { runStatus } = await import('../status.ts');
      process.exitCode = await runStatus(id ?? null, options);
    });
