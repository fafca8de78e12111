import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type EventSourceMappingOptions,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Configuration } from '../deployment/configuration.ts';
import { codeOf, HANDLER } from './bundling.ts';
import { type EnvironmentOptions, environmentOf } from './environment.ts';
import { type FunctionName, permissionsOf } from './permissions.ts';
import { arnsOf } from './resources.ts';

interface Size {
  /** A Lambda's share of a processor follows its memory: 1,769 MB are one core. */
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

/** What each function is given. The queues' visibility is six times their function's timeout. */
export const SIZES: Readonly<Record<FunctionName, Size>> = {
  dispatch: { memoryMb: 256, timeoutSeconds: 30 },
  probe: { memoryMb: 256, timeoutSeconds: 45 },
  judge: { memoryMb: 512, timeoutSeconds: 10 },
  watchdog: { memoryMb: 256, timeoutSeconds: 30 },
  api: { memoryMb: 512, timeoutSeconds: 10 },
};

/** What part of an account's functions may work on a queue at a time; the others are for the schedules and the API. */
const SHARES = { probe: 0.4, judge: 0.2 } as const;

/** How many, where the account is limited; SQS asks for two at least. */
export function shareOf(
  name: keyof typeof SHARES,
  { lambdaConcurrency }: Configuration,
): { readonly maxConcurrency?: number } {
  if (lambdaConcurrency === null) return {};
  return { maxConcurrency: Math.max(2, Math.floor(lambdaConcurrency * SHARES[name])) };
}

export interface FunctionOptions extends EnvironmentOptions {
  readonly name: FunctionName;
  readonly configuration: Configuration;
  /** How often Lambda repeats a failed asynchronous call, and only within a minute of it. Default: called otherwise. */
  readonly asyncRetries?: number;
}

/**
 * One function of `functions/`: Node 24, one ESM bundle with the SDK in it, a role and a log group of its own, JSON logs.
 * No reserved concurrency: accounts that are limited to 10 could not deploy it. No tracing: it needs rights on `*`.
 */
export class ParallaxFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, options: FunctionOptions) {
    const { name, configuration, asyncRetries } = options;
    const stack = Stack.of(scope);
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const log = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    const statements = permissionsOf(name, arnsOf(stack, configuration), options.region);
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { [name]: new PolicyDocument({ statements: [...statements, log] }) },
    });
    super(scope, id, {
      description: `Parallax ${configuration.name}: ${name}`,
      code: codeOf(name, configuration),
      handler: HANDLER,
      runtime: Runtime.NODEJS_24_X,
      architecture: configuration.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      memorySize: SIZES[name].memoryMb,
      timeout: Duration.seconds(SIZES[name].timeoutSeconds),
      environment: {
        ...environmentOf(stack, configuration, options),
        NODE_OPTIONS: '--enable-source-maps',
      },
      role: role.withoutPolicyUpdates(),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // Start and report lines would be most of the bill for logs.
      systemLogLevelV2: SystemLogLevel.WARN,
      ...(asyncRetries === undefined
        ? {}
        : { retryAttempts: asyncRetries, maxEventAge: Duration.minutes(1) }),
    });
  }

  /**
   * Delivers a queue to this function; a message that fails is named in the answer and comes back alone.
   *
   * @param maxConcurrency - so many invocations at a time, and no message is taken that would have to be given back.
   */
  receive(
    id: string,
    options: Pick<EventSourceMappingOptions, 'eventSourceArn' | 'batchSize' | 'maxConcurrency'>,
  ): void {
    this.addEventSourceMapping(id, { ...options, reportBatchItemFailures: true });
  }
}
