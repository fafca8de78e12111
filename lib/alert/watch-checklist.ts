import { names } from '../deployment/names.ts';
import type { Finding } from '../incident/watch-state.ts';
import type { Deployment } from './facts.ts';

/** Controls that are named; more say no more. */
const MOST_CONTROLS = 4;

/** What to look at first when the watching is in trouble: one line each, with the command or the page. */
export function watchChecklist(finding: Finding, deployment: Deployment): readonly string[] {
  const home = word(deployment.homeRegion);
  const region = finding.region === null ? home : word(finding.region);
  const name = word(deployment.name);
  const ofRegion = (logicalId: string): string => tail(names.regionStack(name, region), region, logicalId);
  const ofHome = (logicalId: string): string => tail(names.homeStack(name), home, logicalId);
  const aws = `Trouble of AWS in ${region}? https://health.aws.amazon.com/health/status`;
  switch (finding.kind) {
    case 'region_unhealthy':
      return [
        aws,
        ...controlsLine(deployment.controls ?? []),
        `Probers in a VPC of yours? Its NAT, routes and egress rules: aws ec2 describe-nat-gateways --region ${region}`,
        `What do the probers say? ${ofRegion('Probe')}`,
      ];
    case 'region_silent':
      return [
        aws,
        `Does the schedule run? aws scheduler list-schedules --region ${region} --query 'Schedules[].[Name,State]'`,
        `Does dispatch fail? ${ofRegion('Dispatch')}`,
        `Do the probers fail, or not reach home? ${ofRegion('Probe')}`,
        `Is Lambda throttled? ${throttles(region)}`,
        `Do messages fail? ${waiting(names.probeDeadLetters(name), region)}`,
      ];
    case 'dead_letters': {
      const queue = finding.region === null ? names.judgeDeadLetters(name) : names.probeDeadLetters(name);
      return [
        `What fails? ${finding.region === null ? ofHome('Judge') : ofRegion('Probe')}`,
        `Which messages are they? aws sqs receive-message --region ${region} --max-number-of-messages 10 --visibility-timeout 30 --queue-url "$(${urlOf(queue, region)})"`,
        `Once that is mended they are of no use any more: aws sqs purge-queue --region ${region} --queue-url "$(${urlOf(queue, region)})"`,
      ];
    }
    case 'judge_lagging':
      return [
        aws,
        `Does it fail? ${ofHome('Judge')}`,
        `Is Lambda throttled? ${throttles(region)}`,
        `How much waits? ${waiting(names.judgeQueue(name), region)}`,
      ];
    case 'untold_alerts':
      return [
        aws,
        `What does SNS say? ${ofHome('Judge')}`,
        ...finding.formats.map(
          (format) =>
            `Is the topic there? aws sns get-topic-attributes --region ${region} --topic-arn ${topicOf(format, deployment)}`,
        ),
        'Once that is mended try it: POST /drills',
      ];
  }
}

/** A configured name is of these characters anyway; nothing else is put where a shell may read it. */
const word = (text: string): string => text.replaceAll(/[^\w.-]/g, '').slice(0, 64);

function controlsLine(controls: readonly string[]): string[] {
  const commands = controls.slice(0, MOST_CONTROLS).flatMap((control) => {
    const [, host, port] = /^\[?([\w.:-]+?)\]?:(\d+)$/.exec(control) ?? [];
    return host === undefined ? [] : [`nc -vz -w 3 ${host} ${port}`];
  });
  if (commands.length === 0) return [];
  return [`Are the controls down themselves? From elsewhere: ${commands.join('; ')}`];
}

/** The stack gives no name to a log group, so that it is found by how it begins. */
function tail(stack: string, region: string, logicalId: string): string {
  const prefix = `${stack}-${logicalId}Logs`;
  const group = `aws logs describe-log-groups --region ${region} --log-group-name-prefix ${prefix} --query 'logGroups[0].logGroupName' --output text`;
  return `aws logs tail "$(${group})" --region ${region} --since 30m`;
}

function throttles(region: string): string {
  const from = `"$(date -u -d '-30 min' +%FT%TZ)"`;
  return `aws cloudwatch get-metric-statistics --region ${region} --namespace AWS/Lambda --metric-name Throttles --statistics Sum --period 300 --start-time ${from} --end-time "$(date -u +%FT%TZ)"`;
}

function waiting(queue: string, region: string): string {
  return `aws sqs get-queue-attributes --region ${region} --attribute-names ApproximateNumberOfMessages --queue-url "$(${urlOf(queue, region)})"`;
}

function urlOf(queue: string, region: string): string {
  return `aws sqs get-queue-url --region ${region} --queue-name ${queue} --query QueueUrl --output text`;
}

function topicOf(format: string, { name, account, homeRegion }: Deployment): string {
  return `arn:aws:sns:${word(homeRegion)}:${word(account)}:${names.topic(word(name), word(format))}`;
}
