import * as z from 'zod/mini';

/**
 * What a function is told by its stack: one schema that the stacks write and the functions read. Everything is in one
 * variable, as JSON, so that nothing can be half there.
 */
const environment = z.object({
  deployment: z.object({
    name: z.string(),
    account: z.string(),
    homeRegion: z.string(),
    /** What is typed in a shell before a command of Parallax; alerts show it. */
    command: z.string(),
  }),
  /** The region this function runs in. */
  region: z.string(),
  /** All regions in the deployment's order: a region's position in it sets when it knocks. */
  regions: z.array(z.string()),
  tableName: z.string(),
  /** Probe queue by region, and the judge's. */
  probeQueueUrls: z.record(z.string(), z.string()),
  judgeQueueUrl: z.string(),
  /** Alert format to topic ARN, as configured; only the judge, which tells alerts, and the API, which tells drills, get them. */
  topicArns: z.record(z.string(), z.string()),
  /** Where this region says that home cannot be reached; null where there is no such topic. */
  regionTopicArn: z.nullable(z.string()),
  /** `HOST:PORT` each, tried with tcp when something fails. Empty counts as healthy. */
  controls: z.array(z.string()),
  /** `ADDRESS:PORT` of the resolver to ask; null: the system's. */
  resolver: z.nullable(z.string()),
  allowPrivateAddresses: z.boolean(),
  /** Whether the probers have IPv6. */
  ipv6: z.boolean(),
  /** Answers with the caller's public address as text; null: not asked. */
  sourceAddressUrl: z.nullable(z.string()),
  roundDays: z.number(),
  /** Incidents of P1 and P2 that nobody has acknowledged are told again after so long; 0: never. */
  remindEveryMinutes: z.number(),
  /** Fetched each minute in which all is in order; null: there is none. Only the watchdog gets it: it may be a secret. */
  heartbeatUrl: z.nullable(z.string()),
});
export type Environment = z.infer<typeof environment>;

export const ENVIRONMENT_VARIABLE = 'PARALLAX';

/** @throws when the variable is missing or not of this shape: the stack and the function are of different versions. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const text = variables[ENVIRONMENT_VARIABLE];
  if (!text)
    throw new Error(`the environment variable ${ENVIRONMENT_VARIABLE} is not set: deploy the stack again`);
  const parsed = environment.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new Error(`${ENVIRONMENT_VARIABLE} does not fit this version: deploy the stack again`, {
      cause: parsed.error,
    });
  }
  return parsed.data;
}
