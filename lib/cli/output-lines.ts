import { alertLines } from './alert-lines.ts';
import type { Output } from './output.ts';

/** Plain lines, for where there is no terminal. Rounds are left out: there is `--json`. */
export function lineOutput(verbose: boolean): Output {
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  return {
    report(event) {
      switch (event.event) {
        case 'progress':
          say(`${event.text} …`);
          return;
        case 'ready':
          say(`ready: ${event.api}/`);
          return;
        case 'alert':
          for (const line of alertLines(event)) say(line);
          return;
        case 'demo':
          say(`demo: ${event.text}`);
          return;
        case 'trouble':
          for (const line of event.log) process.stderr.write(`  ${line}\n`);
          process.stderr.write(`${event.text}\n`);
          return;
        case 'log':
          if (verbose) say(`${event.function}: ${event.line}`);
          return;
        case 'round':
          return;
      }
    },
    ending: () => say('ending …'),
    close() {},
  };
}
