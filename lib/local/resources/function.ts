import * as z from 'zod/mini';
import { openFunction } from '../runtime/function.ts';
import { arn, generatedName, type Kind, number, read } from './kind.ts';

const named = z.object({ FunctionName: z.optional(z.string()) });
const schema = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  // Lambda's own defaults: 128 MB, 3 s.
  MemorySize: z._default(number, 128),
  Timeout: z._default(number, 3),
  Environment: z.optional(z.object({ Variables: z.optional(z.record(z.string(), z.string())) })),
});

/** Lambda functions: the real bundle in processes of its own. Processor, role and logging are left out. */
export const lambdaFunction: Kind = {
  types: ['AWS::Lambda::Function'],
  identify(properties, place) {
    const { FunctionName = generatedName(place) } = read(named, properties, place);
    return { ref: FunctionName, attributes: { Arn: arn('lambda', place, `function:${FunctionName}`) } };
  },
  async make(properties, place, world) {
    const { FunctionName = generatedName(place) } = read(named, properties, place);
    const { Code, Handler, MemorySize, Timeout, Environment } = read(schema, properties, place);
    const directory = place.stack.assets.get(Code.S3Key);
    if (!directory) {
      throw new Error(`${place.stack.name}: ${place.logicalId}: the assembly has no asset ${Code.S3Key}`);
    }
    const functionArn = arn('lambda', place, `function:${FunctionName}`);
    world.functions.set(
      functionArn,
      openFunction(
        {
          name: FunctionName,
          arn: functionArn,
          region: place.stack.region,
          directory,
          handler: Handler,
          environment: Environment?.Variables ?? {},
          memoryMb: MemorySize,
          timeoutMs: Timeout * 1000,
          runIn: world.runIn(place.stack.region),
        },
        world,
      ),
    );
  },
};
