import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openApi } from '../../lib/api/openapi.ts';
import { expectGolden } from '../support/golden.ts';

// The dashboard's: it wants an older TypeScript than ours.
const { resolve } = createRequire(new URL('../../dashboard/package.json', import.meta.url));
const generator = join(dirname(resolve('openapi-typescript/package.json')), 'bin', 'cli.js');

const HEADER = `// biome-ignore-all format lint: made by openapi-typescript of what GET /openapi.json answers
`;

test('the types that the command line and the dashboard call the API by are those of its OpenAPI document', () => {
  // Defaults are the API's matter: who sends may leave such a field out. (Types of openapi-fetch lose arrays that are readonly.)
  const args = [generator, '--default-non-nullable', 'false'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    input: JSON.stringify(openApi()),
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  expectGolden(new URL('../../lib/deployment/api-types.ts', import.meta.url), `${HEADER}${stdout}`);
});
