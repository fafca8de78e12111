// Builds the dashboard and writes it to standard output as one JSON object: name of a file to its bytes in base64.
import { build } from 'vite';
import config from './vite.config.ts';

const built = await build({
  ...config,
  configFile: false,
  logLevel: 'error',
  build: { ...config.build, write: false },
});
const outputs = Array.isArray(built) ? built : [built];
const files: Record<string, string> = {};
for (const output of outputs) {
  if (!('output' in output)) throw new Error('vite watches instead of building');
  for (const file of output.output) {
    const body = file.type === 'chunk' ? file.code : file.source;
    files[file.fileName] = Buffer.from(body).toString('base64');
  }
}
process.stdout.write(JSON.stringify(files));
