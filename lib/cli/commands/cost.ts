import { Command } from 'commander';
import type { WrittenCost } from '../cost/options.ts';
import { examples } from '../options.ts';

export const costCommand = (): Command =>
  new Command('cost')
    .description('what watching would cost a month, item by item; asks nothing of AWS')
    .requiredOption('--endpoints <number>', 'how many are watched')
    .requiredOption('--regions <a,b,c>', 'regions that try each of them')
    .requiredOption('--interval <seconds>', 'between two tries of one region')
    .option('--home <region>', 'the region that judges (default: the first)')
    .option('--handshake <name>', 'how far tries go: tcp, tls, http2', 'http2')
    .option('--failing <percent>', 'so many of a hundred are filtered all month', '0')
    .option('--json', 'the bill as JSON, with the sources of its prices', false)
    .addHelpText(
      'after',
      examples(
        'parallax cost --endpoints 10 --regions us-east-1,eu-west-1,ap-southeast-2 --interval 60',
        'parallax cost --endpoints 1000 --regions us-east-1,eu-west-1 --interval 30 --handshake tcp --failing 1',
        'parallax cost --endpoints 100 --regions us-east-1 --interval 60 --json | jq .total.listUsd',
      ),
    )
    .action(async (written: WrittenCost) => {
      const { runCost } = await import('../cost/cost.ts');
      process.exitCode = runCost(written);
    });
