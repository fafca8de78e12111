// The local stack with the fixture's assembly, as a process of its own: for tests of how it ends.
import { runLocal } from '../../lib/cli/local.ts';
import { fixtureResources, localOptions, writeAssembly } from './local.ts';

process.exitCode = await runLocal(localOptions(), { json: true, verbose: false }, async (_, directory) =>
  writeAssembly(directory, fixtureResources({ TELL: 'http://127.0.0.1:9' }, 60)),
);
