import type { Output } from './output.ts';

/** One object a line on stdout: `ready` first, then rounds, alerts and what the demo does. Troubles go to stderr. */
export function jsonOutput(verbose: boolean): Output {
  return {
    report(event) {
      switch (event.event) {
        case 'ready':
        case 'round':
        case 'alert':
        case 'demo':
          process.stdout.write(`${JSON.stringify(event)}\n`);
          return;
        case 'trouble':
          for (const line of event.log) process.stderr.write(`  ${line}\n`);
          process.stderr.write(`${event.text}\n`);
          return;
        case 'log':
          if (verbose) process.stderr.write(`${event.function}: ${event.line}\n`);
          return;
        case 'progress':
          return;
      }
    },
    ending() {},
    close() {},
  };
}
