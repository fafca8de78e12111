/**
 * Every name that one stack writes and another reads. They are pure functions of the deployment's name, so that no token
 * crosses a stack and each can be synthesized, tested and deployed alone.
 */
export const names = {
  homeStack: (deployment: string): string => `${deployment}-home`,
  regionStack: (deployment: string, region: string): string => `${deployment}-region-${region}`,
  /** The one index of the table. */
  index: 'gsi1',
  table: (deployment: string): string => `${deployment}-table`,
  probeQueue: (deployment: string): string => `${deployment}-probe`,
  probeDeadLetters: (deployment: string): string => `${deployment}-probe-dead`,
  judgeQueue: (deployment: string): string => `${deployment}-judge.fifo`,
  judgeDeadLetters: (deployment: string): string => `${deployment}-judge-dead.fifo`,
  topic: (deployment: string, format: string): string => `${deployment}-alerts-${format}`,
  /** Where the two alarms on the watchdog go. */
  watchdogTopic: (deployment: string): string => `${deployment}-watchdog`,
  regionTopic: (deployment: string): string => `${deployment}-region-trouble`,
} as const;
