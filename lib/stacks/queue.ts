import { Duration } from 'aws-cdk-lib';
import { DeduplicationScope, FifoThroughputLimit, Queue, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface QueueOptions {
  readonly queueName: string;
  readonly deadLetterName: string;
  /** How long a message that is being worked on stays hidden; AWS asks for six times the function's timeout. */
  readonly visibilitySeconds: number;
  /** After so many receives a message is put aside. Throttled calls count as receives. */
  readonly receives: number;
  /** Order within a group, and no two at once for one. Default: false. */
  readonly fifo?: boolean;
}

/** A queue and the place where messages go that nobody could work on; there they stay for 14 days, the longest SQS allows. */
export class DurableQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, options: QueueOptions) {
    super(scope, id);
    const { queueName, deadLetterName, visibilitySeconds, receives, fifo = false } = options;
    const order: QueueProps = fifo
      ? {
          fifo: true,
          contentBasedDeduplication: false,
          deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
          fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
        }
      : {};
    const deadLetters = new Queue(this, 'DeadLetters', {
      ...order,
      queueName: deadLetterName,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...order,
      queueName,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: receives },
    });
  }
}
