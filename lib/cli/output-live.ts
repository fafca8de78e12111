import { createLogUpdate } from 'log-update';
import type { AlertEvent } from '../local/event.ts';
import { alertLines, clock } from './alert-lines.ts';
import { connect } from './api-client.ts';
import { colors } from './colors.ts';
import type { Output } from './output.ts';
import { type EndpointStatus, statusOfAll } from './status-shape.ts';
import { statusTable } from './view.ts';

/** The table is read again this long after something happened, and at least as often as a person would look. */
const AFTER_MS = 300;
const AT_LEAST_MS = 5000;

/** Alerts that stay below the table. */
const ALERTS = 3;

/** A table of what every region says, redrawn as rounds and alerts come in; alerts and what the demo does below it. */
export function liveOutput(verbose: boolean): Output {
  const draw = createLogUpdate(process.stdout);
  const notes: string[] = [];
  const alerts: AlertEvent[] = [];
  let statuses: readonly EndpointStatus[] = [];
  let api: string | null = null;
  let doing: string | null = 'starting';
  let demo: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  let reading = false;
  let closed = false;

  const render = (): void => {
    if (closed) return;
    draw(
      page({
        columns: process.stdout.columns || 100,
        rows: process.stdout.rows || 40,
        api,
        doing,
        demo,
        statuses,
        alerts,
        notes,
      }),
    );
  };
  const refresh = async (): Promise<void> => {
    if (api === null || reading || closed) return;
    reading = true;
    try {
      statuses = await statusOfAll(connect({ api, sign: false }));
    } catch (error) {
      if (!closed) note(colors.yellow(error instanceof Error ? error.message : String(error)));
    } finally {
      reading = false;
    }
    render();
    soon(AT_LEAST_MS);
  };
  const soon = (ms: number): void => {
    if (closed) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void refresh(), ms);
  };
  const note = (text: string): void => {
    notes.push(text);
    if (notes.length > 5) notes.shift();
  };
  process.stdout.on('resize', render);

  return {
    report(event) {
      switch (event.event) {
        case 'progress':
          doing = event.text;
          break;
        case 'ready':
          api = event.api;
          doing = null;
          soon(AFTER_MS);
          break;
        case 'round':
          soon(AFTER_MS);
          return;
        case 'alert':
          if (event.topic === 'email') alerts.push(event);
          soon(AFTER_MS);
          break;
        case 'demo':
          demo = event.text;
          break;
        case 'trouble':
          for (const line of event.log.slice(-3)) note(colors.dim(line));
          note(colors.yellow(event.text));
          break;
        case 'log':
          if (!verbose) return;
          note(colors.dim(`${event.function}: ${event.line}`));
          break;
      }
      render();
    },
    ending() {
      doing = 'ending';
      render();
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
      process.stdout.off('resize', render);
      draw.done();
    },
  };
}

interface Page {
  readonly columns: number;
  readonly rows: number;
  readonly api: string | null;
  readonly doing: string | null;
  readonly demo: string | null;
  readonly statuses: readonly EndpointStatus[];
  readonly alerts: readonly AlertEvent[];
  readonly notes: readonly string[];
}

/** The whole screen; no line is wider and there are no more of them than the terminal has. */
export function page({ columns, rows, api, doing, demo, statuses, alerts, notes }: Page): string {
  const head = [
    `${colors.bold('Parallax')}  ${api === null ? '' : colors.cyan(`${api}/`)}  ${colors.dim(
      api === null ? `${doing ?? ''} …` : (doing ?? 'Ctrl-C ends it'),
    )}`,
    ...(demo === null ? [] : [`${colors.magenta('demo')} ${demo}`]),
  ];
  const table = api === null ? [] : statusTable(statuses, columns).split('\n');
  const legend =
    statuses.length === 0
      ? []
      : [colors.dim('● passing  ◐ suspect  ✖ failing  ◑ recovering  · unknown     tcp tls http2 in ms')];
  const room = Math.max(3, rows - head.length - table.length - legend.length - notes.length - 2);
  const told = alerts
    .slice(-ALERTS)
    .reverse()
    .flatMap((alert, index) => {
      const [subject = '', ...text] = alertLines(alert);
      const paint = (alert.subject ?? '').startsWith('[RESOLVED]') ? colors.green : colors.red;
      return [paint(colors.bold(subject)), ...(index === 0 ? text : [])];
    });
  const shown =
    told.length === 0 && api !== null ? [colors.dim(`${clock(new Date().toISOString())} no alerts`)] : told;
  return [...head, ...table, ...legend, ...shown.slice(0, room), ...notes]
    .slice(0, rows - 1)
    .map((line) => clip(line, columns))
    .join('\n');
}

/** Cut to the terminal's width, colour sequences not counted: a wrapped line would break the redrawing. */
function clip(line: string, columns: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ECMA-48 colour sequences begin with ESC
  const parts = line.split(/(\x1b\[[0-9;]*m)/);
  let left = columns;
  let cut = '';
  for (const [index, part] of parts.entries()) {
    const text = index % 2 === 1 ? part : part.slice(0, Math.max(0, left));
    if (index % 2 === 0) left -= part.length;
    cut += text;
  }
  return cut;
}
