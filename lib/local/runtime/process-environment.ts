import type { FunctionSettings } from './function.ts';
import type { ProcessWorld } from './process.ts';

/**
 * What a function process sees: the template's variables, those that Lambda itself sets ("Defined runtime environment
 * variables" in the Lambda developer guide), credentials that mean nothing, where the emulators are, and the authorities
 * that the user has Node trust. Nothing else of our own environment, so that a machine's real AWS credentials never reach a
 * function.
 */
export function processEnvironment(
  settings: FunctionSettings,
  world: Pick<ProcessWorld, 'dynamodbUrl' | 'awsUrl' | 'caFile' | 'compileCache'>,
  runtimeApi: string,
): Record<string, string> {
  const caFile = world.caFile ?? process.env.NODE_EXTRA_CA_CERTS;
  return {
    ...settings.environment,
    ...(process.env.PATH === undefined ? {} : { PATH: process.env.PATH }),
    ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
    // Regions run the same bundles: compiled once is compiled for all.
    NODE_COMPILE_CACHE: world.compileCache,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: world.dynamodbUrl,
    AWS_ENDPOINT_URL_SQS: world.awsUrl,
    AWS_ENDPOINT_URL_SNS: world.awsUrl,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: settings.directory,
    _HANDLER: settings.handler,
  };
}
