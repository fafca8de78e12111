import { CfnOutput, Stack, type Environment as StackEnvironment } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Configuration } from '../deployment/configuration.ts';
import { names } from '../deployment/names.ts';
import { WatchdogAlarms } from './alarms.ts';
import { ParallaxFunction, shareOf } from './function.ts';
import { SignedApi } from './http-api.ts';
import { DurableQueue } from './queue.ts';
import { EachMinute } from './schedule.ts';
import { addTable } from './table.ts';
import { secureTopic } from './topic.ts';

/** The home region's part: table, alert topics, judge, watchdog and API. */
export class HomeStack extends Stack {
  constructor(scope: Construct, id: string, env: StackEnvironment, configuration: Configuration) {
    super(scope, id, {
      env,
      stackName: id,
      description: 'Parallax: the table, the judge, the API and the alert topics',
    });
    const { name, homeRegion: region, formats } = configuration;
    addTable(this, 'Table', configuration);
    for (const format of formats) {
      const kind = `${format.slice(0, 1).toUpperCase()}${format.slice(1)}`;
      const topic = secureTopic(this, `${kind}Alerts`, names.topic(name, format));
      new CfnOutput(this, `${kind}AlertTopic`, { value: topic.topicArn });
    }
    this.addJudge(configuration);
    const watchdog = new ParallaxFunction(this, 'Watchdog', {
      name: 'watchdog',
      configuration,
      region,
      asyncRetries: 0,
      heartbeat: true,
    });
    new EachMinute(this, 'WatchdogSchedule', watchdog);
    const { topic } = new WatchdogAlarms(this, 'WatchdogAlarms', watchdog, names.watchdogTopic(name));
    new CfnOutput(this, 'WatchdogTopic', { value: topic.topicArn });
    const handler = new ParallaxFunction(this, 'ApiFunction', {
      name: 'api',
      configuration,
      region,
      alerts: true,
    });
    const api = new SignedApi(this, 'Api', { name, handler });
    new CfnOutput(this, 'ApiUrl', { value: api.url });
  }

  private addJudge(configuration: Configuration): void {
    const { name, homeRegion: region } = configuration;
    const { queue } = new DurableQueue(this, 'JudgeQueue', {
      queueName: names.judgeQueue(name),
      deadLetterName: names.judgeDeadLetters(name),
      visibilitySeconds: 60,
      receives: 3,
      fifo: true,
    });
    const judge = new ParallaxFunction(this, 'Judge', { name: 'judge', configuration, region, alerts: true });
    judge.receive('Messages', {
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      ...shareOf('judge', configuration),
    });
  }
}
