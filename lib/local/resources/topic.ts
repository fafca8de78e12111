import { CreateTopicCommand } from '@aws-sdk/client-sns';
import * as z from 'zod/mini';
import { arn, generatedName, type Kind, read } from './kind.ts';

const schema = z.object({ TopicName: z.optional(z.string()) });

/** SNS topics. Subscriptions in a template would be a type of their own, and are refused. */
export const topic: Kind = {
  types: ['AWS::SNS::Topic'],
  identify(properties, place) {
    const { TopicName = generatedName(place) } = read(schema, properties, place);
    const ref = arn('sns', place, TopicName);
    return { ref, attributes: { TopicArn: ref, TopicName } };
  },
  async make(properties, place, world) {
    const { TopicName = generatedName(place) } = read(schema, properties, place);
    await world.sns(place.stack.region).send(new CreateTopicCommand({ Name: TopicName }));
    world.topics.set(arn('sns', place, TopicName), TopicName);
  },
};
