import { defaultConfiguration } from '../../deployment/configuration.ts';
import { MINUTES_A_MONTH } from './plan.ts';

/** Lambda receives a message and deletes it, a request each. */
export const REQUESTS_OF_LAMBDA = 2;

/** Messages that one SendMessageBatch takes. */
export const QUEUE_BATCH = 10;

/**
 * A queue with little in it is asked by two pollers (AWS, "Configuring scaling behavior for SQS event source mappings": from five down to
 * as few as two where no maximum of concurrency is set), each waiting 20 s, the longest that SQS lets anybody wait.
 */
export const IDLE_REQUESTS = (MINUTES_A_MONTH * 60 * 2) / 20;

/** A line of log an invocation: what Lambda's JSON form and CloudWatch (26 bytes) put around it included. */
export const LINE_BYTES = 400;

export const STORED_DAYS = defaultConfiguration.roundDays;
