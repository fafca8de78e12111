import { Command } from 'commander';
import { examples } from '../options.ts';

export const schemaCommand = (): Command =>
  new Command('schema')
    .description('write the JSON Schema of the file that apply reads, for your editor')
    .addHelpText('after', examples('parallax schema > parallax.schema.json'))
    .action(async () => {
      const { monitorFileSchema } = await import('../apply/schema.ts');
      process.stdout.write(`${JSON.stringify(monitorFileSchema(), null, 2)}\n`);
    });
