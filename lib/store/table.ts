import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The one table, opened. */
export interface Table {
  readonly documents: DynamoDBDocumentClient;
  readonly name: string;
  /** How long rounds are kept, in days. */
  readonly roundDays: number;
}

/** A table that does not answer within this is treated as unreachable: a prober has its group's 8 s to think of. */
const CONNECT_TIMEOUT_MS = 1000;
const REQUEST_TIMEOUT_MS = 3000;
const MAX_ATTEMPTS = 3;

/**
 * Opens the table in the region that holds it. `AWS_ENDPOINT_URL_DYNAMODB` is honoured by the SDK itself. Nothing is sent:
 * a table that is not there is noticed by the first call.
 */
export function openTable(options: {
  readonly name: string;
  readonly region: string;
  readonly roundDays: number;
}): Table {
  const client = new DynamoDBClient({
    region: options.region,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return { documents, name: options.name, roundDays: options.roundDays };
}

/** Makes a conditional write say whether its condition held. Every other error is thrown on. */
export async function held(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
