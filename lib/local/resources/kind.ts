import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import type { LocalFunction } from '../runtime/function.ts';
import type { ProcessWorld } from '../runtime/process.ts';
import type { Stack } from '../template/assembly.ts';
import type { Identity, Json } from '../template/intrinsics.ts';

/** Where a resource stands: enough to name it. */
export interface Place {
  readonly stack: Stack;
  readonly logicalId: string;
}

/** A queue that has been made. */
export interface LocalQueue {
  readonly arn: string;
  readonly name: string;
  readonly url: string;
  readonly region: string;
}

/** One route of the HTTP API and the function behind it. */
export interface LocalRoute {
  readonly method: string;
  readonly path: string;
  readonly function: LocalFunction;
}

/** A function that is to be invoked at every `everyMinutes`-th minute. */
export interface LocalSchedule {
  readonly everyMinutes: number;
  readonly function: LocalFunction;
  /** The event, as JSON, for a scheduled time. */
  event(scheduledTime: string): unknown;
}

/** What resources are made in, and what they leave for those that come later. */
export interface World extends ProcessWorld {
  sqs(region: string): SQSClient;
  sns(region: string): SNSClient;
  /** Words before the command of a region's function processes. */
  runIn(region: string): readonly string[];
  /** By ARN. */
  readonly functions: Map<string, LocalFunction>;
  /** By ARN. */
  readonly queues: Map<string, LocalQueue>;
  /** By ARN; the values are the topics' names. */
  readonly topics: Map<string, string>;
  /** Function ARN by what an integration's `Ref` gives. */
  readonly integrations: Map<string, string>;
  readonly routes: LocalRoute[];
  readonly schedules: LocalSchedule[];
  /** Called at the end, last one first. */
  readonly closers: (() => Promise<void>)[];
  /** Something failed that the stack survives: a function that threw, a queue that could not be read. */
  trouble(what: string, error: unknown): void;
}

/** One or more CloudFormation types that this machine can stand in for. */
export interface Kind {
  readonly types: readonly string[];
  /** `Ref` and attributes, from the resolved properties alone: nothing needs to exist yet. */
  identify(properties: Json, place: Place): Identity;
  /** Makes it. Resources of kinds earlier in KINDS exist. */
  make(properties: Json, place: Place, world: World): Promise<void>;
}

/** The properties as `schema` has them. @throws naming the resource and the property. */
export function read<T>(schema: z.ZodMiniType<T>, properties: Json, place: Place): T {
  const parsed = schema.safeParse(properties);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `${place.stack.name}: ${place.logicalId}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`,
    { cause: parsed.error },
  );
}

/** The name a resource has when its template gives none. */
export function generatedName(place: Place): string {
  return `${place.stack.name}-${place.logicalId}`;
}

/** `arn:aws:<service>:<region>:<account>:<rest>`. */
export function arn(service: string, place: Place, rest: string): string {
  return `arn:aws:${service}:${place.stack.region}:${place.stack.account}:${rest}`;
}

/** A number that a template may also give as text. */
export const number = z.pipe(z.union([z.number(), z.string()]), z.transform(Number));
