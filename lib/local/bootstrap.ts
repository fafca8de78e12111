// What Lambda's own runtime does, for a function on this machine: import the bundle, then ask for one invocation after the
// other. It runs alone in its process and imports nothing of ours, so that a bundle meets nothing it would not meet on Lambda.
import { existsSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

type Handler = (event: unknown, context: object) => unknown;

const variable = (name: string): string => process.env[name] ?? '';
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const base = `http://${variable('AWS_LAMBDA_RUNTIME_API')}/2018-06-01/runtime`;

function call(
  method: string,
  path: string,
  body?: string,
): Promise<{ response: IncomingMessage; text: string }> {
  return new Promise((done, fail) => {
    const sent = request(`${base}/${path}`, { method, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done({ response, text: Buffer.concat(chunks).toString() }));
      response.on('error', fail);
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

function asError(error: unknown): string {
  return error instanceof Error
    ? JSON.stringify({
        errorType: error.name,
        errorMessage: error.message,
        stackTrace: error.stack?.split('\n'),
      })
    : JSON.stringify({ errorType: typeof error, errorMessage: String(error) });
}

async function load(): Promise<Handler> {
  const [file = '', name = ''] = variable('_HANDLER').split('.');
  const found = ['.mjs', '.js', '.cjs']
    .map((ending) => resolve(variable('LAMBDA_TASK_ROOT'), file + ending))
    .find(existsSync);
  if (!found) throw new Error(`no ${file}.mjs, .js or .cjs in ${variable('LAMBDA_TASK_ROOT')}`);
  const module: Record<string, unknown> = await import(pathToFileURL(found).href);
  const handler = module[name];
  if (typeof handler !== 'function') throw new Error(`${found} exports no function ${name}`);
  return handler as Handler;
}

async function serve(handler: Handler): Promise<never> {
  for (;;) {
    const { response, text } = await call('GET', 'invocation/next');
    if (response.statusCode !== 200) process.exit(0);
    const id = String(response.headers['lambda-runtime-aws-request-id']);
    const deadlineMs = Number(response.headers['lambda-runtime-deadline-ms']);
    const context = {
      awsRequestId: id,
      callbackWaitsForEmptyEventLoop: false,
      functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
      functionVersion: variable('AWS_LAMBDA_FUNCTION_VERSION'),
      invokedFunctionArn: response.headers['lambda-runtime-invoked-function-arn'],
      memoryLimitInMB: variable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
      logGroupName: variable('AWS_LAMBDA_LOG_GROUP_NAME'),
      logStreamName: variable('AWS_LAMBDA_LOG_STREAM_NAME'),
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    };
    const [end, body] = await Promise.resolve()
      .then(() => handler(JSON.parse(text), context))
      .then(
        (answer) => ['response', JSON.stringify(answer) ?? 'null'],
        (error: unknown) => ['error', asError(error)],
      );
    await call('POST', `invocation/${id}/${end}`, body);
  }
}

// Whoever started this process has died: nobody waits for an answer. It must not keep the process alive by itself.
process.stdin.on('end', () => process.exit(0)).resume();
if ('unref' in process.stdin) process.stdin.unref();

try {
  const handler = await load().catch(async (error: unknown) => {
    console.error(error);
    await call('POST', 'init/error', asError(error));
    process.exit(1);
  });
  await serve(handler);
} catch (error) {
  // The Runtime API is gone, so whoever started us is: nothing is left to do, and nobody to tell.
  process.exit(error instanceof Error && 'syscall' in error ? 0 : 1);
}
