import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { secureTopic } from './topic.ts';

const WINDOW = Duration.minutes(5);

/** Who watches the watchdog: it sweeps everything else, so these two alarms are all that a deployment needs. */
export class WatchdogAlarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, watchdog: IFunction, topicName: string) {
    super(scope, id);
    const topic = secureTopic(this, 'Topic', topicName);
    this.topic = topic;
    // A topic with a policy of its own has lost the default one, by which alarms may publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const silent = new Alarm(this, 'NotInvoked', {
      alarmDescription:
        'The Parallax watchdog has not run for 5 minutes: nothing makes up for lost messages.',
      metric: watchdog.metricInvocations({ period: WINDOW, statistic: 'Sum' }),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.BREACHING,
    });
    const failing = new Alarm(this, 'Errors', {
      alarmDescription: 'The Parallax watchdog failed 3 times within 5 minutes: see its log.',
      metric: watchdog.metricErrors({ period: WINDOW, statistic: 'Sum' }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 3,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    for (const alarm of [silent, failing]) {
      alarm.addAlarmAction(new SnsAction(topic));
      alarm.addOkAction(new SnsAction(topic));
    }
  }
}
