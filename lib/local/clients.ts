import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../store/table.ts';

/** The emulators ask for a signature, and look only at the region in it. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

export interface Clients {
  sqs(region: string): SQSClient;
  sns(region: string): SNSClient;
  table(name: string, region: string): Table;
  close(): void;
}

/** Clients of the emulators, one a region and service, made when first asked for. */
export function openClients(emulators: { readonly awsUrl: string; readonly dynamodbUrl: string }): Clients {
  const opened = new Map<string, { destroy(): void }>();
  const once = <C extends { destroy(): void }>(key: string, make: () => C): C => {
    const found = opened.get(key);
    if (found) return found as C;
    const made = make();
    opened.set(key, made);
    return made;
  };
  const settings = { endpoint: emulators.awsUrl, credentials: CREDENTIALS };
  return {
    sqs: (region) =>
      once(`sqs ${region}`, () => new SQSClient({ ...settings, region, useQueueUrlAsEndpoint: false })),
    sns: (region) => once(`sns ${region}`, () => new SNSClient({ ...settings, region })),
    table(name, region) {
      const client = once(
        `dynamodb ${region}`,
        () => new DynamoDBClient({ endpoint: emulators.dynamodbUrl, credentials: CREDENTIALS, region }),
      );
      const documents = DynamoDBDocumentClient.from(client, {
        marshallOptions: { removeUndefinedValues: true },
      });
      return { documents, name, roundDays: 1 };
    },
    close() {
      for (const client of opened.values()) client.destroy();
    },
  };
}
