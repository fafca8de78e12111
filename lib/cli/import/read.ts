import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod/mini';
import { UsageError } from '../../local/usage-error.ts';

/** One target of a file, with what is said of it there. */
export interface Target {
  readonly target: string;
  /** The blackbox_exporter's module; null: it is not said. */
  readonly module: string | null;
  readonly labels: ReadonlyMap<string, string>;
  /** As Prometheus writes it, such as `1m30s`; null: it is not said. */
  readonly interval: string | null;
}

export interface ReadTargets {
  readonly targets: readonly Target[];
  /** What was left out, and why, a line each. */
  readonly leftOut: readonly string[];
}

const labels = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const group = z.object({ targets: z.array(z.string()), labels: z.optional(z.nullable(labels)) });
const relabel = z.object({ target_label: z.optional(z.string()), replacement: z.optional(z.string()) });
const job = z.looseObject({
  job_name: z.string(),
  metrics_path: z.optional(z.string()),
  params: z.optional(z.looseObject({ module: z.optional(z.array(z.string())) })),
  scrape_interval: z.optional(z.string()),
  static_configs: z.optional(z.nullable(z.array(group))),
  relabel_configs: z.optional(z.nullable(z.array(relabel))),
});
const configuration = z.object({
  global: z.optional(z.nullable(z.object({ scrape_interval: z.optional(z.string()) }))),
  scrape_configs: z.nullable(z.array(job)),
});

/**
 * Reads a Prometheus configuration (`scrape_configs` with `static_configs`) or a file of `file_sd_configs`, YAML or JSON.
 * @throws UsageError that names the file, and where in it.
 */
export function readTargets(file: string, text: string): ReadTargets {
  const content = readYaml(file, text);
  const groups = z.array(group).safeParse(content);
  if (groups.success) {
    return { targets: groups.data.flatMap((one) => targetsOf(one, null, null)), leftOut: [] };
  }
  if (Array.isArray(content)) throw wrong(file, groups.error);
  if (isMap(content) && 'modules' in content && !('scrape_configs' in content)) {
    throw new UsageError(`${file}: these are the modules, not the targets: write them as --modules ${file}`);
  }
  if (!isMap(content) || !('scrape_configs' in content)) {
    throw new UsageError(`${file}: neither a Prometheus configuration nor a list of targets (file_sd)`);
  }
  const read = configuration.safeParse(content);
  if (!read.success) throw wrong(file, read.error);
  const jobs = (read.data.scrape_configs ?? []).map((one) =>
    readJob(one, read.data.global?.scrape_interval ?? null),
  );
  return {
    targets: jobs.flatMap(({ targets }) => targets),
    leftOut: jobs.flatMap(({ leftOut }) => leftOut),
  };
}

/** @throws UsageError */
export function readYaml(file: string, text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new UsageError(`${file}:${line}:${col} ${error.message}`, { cause: error });
  }
  return document.toJS();
}

function readJob(one: z.infer<typeof job>, globalInterval: string | null): ReadTargets {
  const { job_name: name, params, metrics_path: path, relabel_configs: relabels } = one;
  const fixed = relabels?.find(({ target_label: label }) => label === '__param_module')?.replacement;
  const module = params?.module?.[0] ?? (fixed?.includes('$') === false ? fixed : null) ?? null;
  const groups = one.static_configs ?? [];
  const probes =
    module !== null ||
    path === '/probe' ||
    groups.some((each) => each.labels?.__param_module !== undefined) ||
    relabels?.some(({ target_label: label }) => label === '__param_target');
  if (!probes) return { targets: [], leftOut: [`job ${name}: scrapes its targets, and probes nothing`] };
  const elsewhere = Object.keys(one).filter((key) => key.endsWith('_sd_configs'));
  return {
    targets: groups.flatMap((each) => targetsOf(each, module, one.scrape_interval ?? globalInterval)),
    leftOut: elsewhere.map((key) =>
      key === 'file_sd_configs'
        ? `job ${name}: import the files that its file_sd_configs name too`
        : `job ${name}: what ${key} finds is not in this file`,
    ),
  };
}

function targetsOf(
  one: z.infer<typeof group>,
  jobModule: string | null,
  jobInterval: string | null,
): readonly Target[] {
  const all = new Map(Object.entries(one.labels ?? {}).map(([key, value]) => [key, String(value)]));
  const module = all.get('__param_module') ?? jobModule ?? all.get('module') ?? null;
  const interval = all.get('__scrape_interval__') ?? jobInterval;
  const shown = new Map([...all].filter(([key]) => !key.startsWith('__') && key !== 'module'));
  return one.targets.map((target) => ({ target, module, labels: shown, interval }));
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function wrong(file: string, error: z.core.$ZodError): UsageError {
  const [issue] = error.issues;
  return new UsageError(`${file}: ${issue?.path.join('.')}: ${issue?.message}`, { cause: error });
}
