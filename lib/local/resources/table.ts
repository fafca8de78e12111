import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { arn, generatedName, type Kind, read } from './kind.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const schema = z.object({
  TableName: z.optional(z.string()),
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: z.optional(
    z.array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.optional(z.array(z.string())),
        }),
      }),
    ),
  ),
});

/** DynamoDB tables. Expiry, point-in-time recovery and protection are left out: the emulator has none of them. */
export const table: Kind = {
  types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  identify(properties, place) {
    const { TableName = generatedName(place) } = read(z.pick(schema, { TableName: true }), properties, place);
    return { ref: TableName, attributes: { Arn: arn('dynamodb', place, `table/${TableName}`) } };
  },
  async make(properties, place, world) {
    const { TableName = generatedName(place), ...rest } = read(schema, properties, place);
    const client = new DynamoDBClient({
      region: place.stack.region,
      endpoint: world.dynamodbUrl,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    try {
      await client.send(new CreateTableCommand({ TableName, ...rest, BillingMode: 'PAY_PER_REQUEST' }));
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      if (JSON.stringify(Table?.KeySchema) !== JSON.stringify(rest.KeySchema)) {
        throw new Error(`the table in --data is of another version: name an empty directory`, {
          cause: error,
        });
      }
    }
    await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.2 } as never, {
      TableName,
    });
    client.destroy();
  },
};
