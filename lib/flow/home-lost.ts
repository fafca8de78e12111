import type { Environment } from '../deployment/environment.ts';
import type { Topics } from '../topic/topics.ts';

/** Says on a topic of the region's own that the home region cannot be reached: nobody else could say it. */
export async function tellHomeLost(
  topics: Topics,
  topicArn: string,
  { deployment, region }: Environment,
  sinceMs: number,
): Promise<void> {
  const since = new Date(sinceMs).toISOString();
  await topics.publish(topicArn, {
    subject: `[P2] Parallax "${deployment.name}": ${region} cannot reach its home ${deployment.homeRegion}`,
    body: [
      `AWS ${region} has not been able to read the table in ${deployment.homeRegion} since ${since}.`,
      'Probing goes on with what is in memory; rounds wait in the queue of this region and are judged when they arrive.',
      'Until then no alert about an endpoint can be told. Look first at https://health.aws.amazon.com for DynamoDB there,',
      `then at the table itself: aws dynamodb describe-table --region ${deployment.homeRegion}`,
    ].join('\n'),
    attributes: { event: 'trigger', kind: 'home_unreachable', severity: 'P2' },
  });
}
