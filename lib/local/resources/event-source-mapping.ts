import * as z from 'zod/mini';
import { startPolling } from '../sqs/poll.ts';
import { generatedName, type Kind, number, read } from './kind.ts';

const schema = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  // Lambda's own default for SQS.
  BatchSize: z._default(number, 10),
  Enabled: z._default(z.boolean(), true),
  FunctionResponseTypes: z._default(z.array(z.literal('ReportBatchItemFailures')), []),
  FilterCriteria: z.optional(z.never()),
});

/** From a queue to a function. A filter would change what is delivered, so a template with one is refused. */
export const eventSourceMapping: Kind = {
  types: ['AWS::Lambda::EventSourceMapping'],
  identify: (_, place) => ({ ref: generatedName(place), attributes: { Id: generatedName(place) } }),
  async make(properties, place, world) {
    const mapping = read(schema, properties, place);
    const queue = world.queues.get(mapping.EventSourceArn);
    const target = [...world.functions.values()].find(
      ({ settings }) => settings.arn === mapping.FunctionName || settings.name === mapping.FunctionName,
    );
    if (!queue) throw new Error(`${place.logicalId}: no queue ${mapping.EventSourceArn}`);
    if (!target) throw new Error(`${place.logicalId}: no function ${mapping.FunctionName}`);
    if (!mapping.Enabled) return;
    const polling = startPolling({
      sqs: world.sqs(queue.region),
      queue,
      function: target,
      batchSize: mapping.BatchSize,
      partial: mapping.FunctionResponseTypes.length > 0,
      trouble: world.trouble,
    });
    world.closers.push(polling.close);
  },
};
