import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Configuration } from '../deployment/configuration.ts';
import { names } from '../deployment/names.ts';

/** The one table. It outlives its stack, except on one machine: what it holds cannot be made again. */
export function addTable(scope: Construct, id: string, { name, local }: Configuration): TableV2 {
  const key = (attribute: string) => ({ name: attribute, type: AttributeType.STRING });
  return new TableV2(scope, id, {
    tableName: names.table(name),
    partitionKey: key('pk'),
    sortKey: key('sk'),
    globalSecondaryIndexes: [
      {
        indexName: names.index,
        partitionKey: key('gsi1pk'),
        sortKey: key('gsi1sk'),
        projectionType: ProjectionType.ALL,
      },
    ],
    billing: Billing.onDemand(),
    timeToLiveAttribute: 'expiresAt',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: !local,
    removalPolicy: local ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
}
