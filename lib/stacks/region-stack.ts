import { CfnOutput, Stack, type Environment as StackEnvironment } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Configuration } from '../deployment/configuration.ts';
import { names } from '../deployment/names.ts';
import { ParallaxFunction, shareOf } from './function.ts';
import { DurableQueue } from './queue.ts';
import { EachMinute } from './schedule.ts';
import { secureTopic } from './topic.ts';

/** One region's part: what plans its rounds and what tries them. The home region has one too if it is to probe. */
export class RegionStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    env: StackEnvironment & { readonly region: string },
    configuration: Configuration,
  ) {
    super(scope, id, { env, stackName: id, description: 'Parallax: the prober of one region' });
    const { name } = configuration;
    const { region } = env;
    const trouble = secureTopic(this, 'RegionTrouble', names.regionTopic(name));
    new CfnOutput(this, 'RegionTroubleTopic', { value: trouble.topicArn });
    const { queue } = new DurableQueue(this, 'ProbeQueue', {
      queueName: names.probeQueue(name),
      deadLetterName: names.probeDeadLetters(name),
      visibilitySeconds: 270,
      receives: 5,
    });
    const shared = { configuration, region, regionTopic: true };
    const dispatch = new ParallaxFunction(this, 'Dispatch', { ...shared, name: 'dispatch', asyncRetries: 1 });
    new EachMinute(this, 'DispatchSchedule', dispatch);
    const probe = new ParallaxFunction(this, 'Probe', { ...shared, name: 'probe' });
    // One slow group must not hold up a confirmation that came in the same batch.
    probe.receive('Messages', {
      eventSourceArn: queue.queueArn,
      batchSize: 1,
      ...shareOf('probe', configuration),
    });
  }
}
