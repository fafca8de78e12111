import { Command } from 'commander';
import type { WrittenDashboard } from '../dashboard/run.ts';
import { examples, withApi } from '../options.ts';

/** Beside that of `parallax local`, so that both can run. */
const DASHBOARD_PORT = 7401;

export const dashboardCommand = (): Command =>
  withApi(
    new Command('dashboard')
      .description('serve the dashboard of a deployment, and /metrics for Prometheus, on this machine alone')
      .option('--port <number>', 'on 127.0.0.1; 0: any', String(DASHBOARD_PORT)),
    'say as JSON where it is',
  )
    .addHelpText(
      'after',
      examples(
        'parallax dashboard --api https://abc123.execute-api.eu-west-1.amazonaws.com',
        'AWS_PROFILE=prod parallax dashboard --port 8080',
      ),
    )
    .action(async (written: WrittenDashboard) => {
      const { runDashboard } = await import('../dashboard/run.ts');
      process.exitCode = await runDashboard(written);
    });
