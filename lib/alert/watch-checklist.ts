import { names } from '../deployment/names.ts';
import type { Finding } from '../incident/watch-state.ts';
import type { Deployment } from './facts.ts';

/** Controls that are named; more say no more. */
const MOST_CONTROLS = 4;

/** What to look at first when the watching is in trouble: one line each, with the command or the page. */
export function watchChecklist(finding: Finding, deployment: Deployment): readonly string[] {
  const region = word(finding.region);
  const name = word(deployment.name);
  const aws = `Trouble of AWS in ${region}? https://health.aws.amazon.com/health/status`;
  switch (finding.kind) {
    case 'region_unhealthy':
      return [
        aws,
        ...controlsLine(deployment.controls ?? []),
        `Probers in a VPC of yours? Its NAT, routes and egress rules: aws ec2 describe-nat-gateways --region ${region}`,
        `What do the probers say? ${tail(name, region, 'Probe')}`,
      ];
    case 'region_silent':
      return [
        aws,
        `Does the schedule run? aws scheduler list-schedules --region ${region} --query 'Schedules[].[Name,State]'`,
        `Does dispatch fail? ${tail(name, region, 'Dispatch')}`,
        `Do the probers fail, or not reach home? ${tail(name, region, 'Probe')}`,
        `Is Lambda throttled? ${throttles(region)}`,
        `Do messages fail? ${waiting(names.probeDeadLetters(name), region)}`,
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
function tail(deployment: string, region: string, logicalId: string): string {
  const prefix = `${names.regionStack(deployment, region)}-${logicalId}Logs`;
  const group = `aws logs describe-log-groups --region ${region} --log-group-name-prefix ${prefix} --query 'logGroups[0].logGroupName' --output text`;
  return `aws logs tail "$(${group})" --region ${region} --since 30m`;
}

function throttles(region: string): string {
  const from = `"$(date -u -d '-30 min' +%FT%TZ)"`;
  return `aws cloudwatch get-metric-statistics --region ${region} --namespace AWS/Lambda --metric-name Throttles --statistics Sum --period 300 --start-time ${from} --end-time "$(date -u +%FT%TZ)"`;
}

function waiting(queue: string, region: string): string {
  const url = `aws sqs get-queue-url --region ${region} --queue-name ${queue} --query QueueUrl --output text`;
  return `aws sqs get-queue-attributes --region ${region} --attribute-names ApproximateNumberOfMessages --queue-url "$(${url})"`;
}
