import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { CertificateFacts } from '../round/certificate.ts';
import { keys } from './keys.ts';
import { parseItem, queryAll } from './read.ts';
import { held, type Table } from './table.ts';

export const certificateSchema: z.ZodMiniType<CertificateFacts> = z.object({
  sha256: z.string(),
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  notBefore: z.string(),
  notAfter: z.string(),
  chain: z.int(),
} satisfies Record<keyof CertificateFacts, z.ZodMiniType>);

/** Keeps a certificate, once. False: it is there already, and is left as it is. */
export async function putCertificate(table: Table, facts: CertificateFacts): Promise<boolean> {
  return held(
    table.documents.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...facts, ...keys.certificate(facts.sha256) },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );
}

/** The certificates whose fingerprints begin with these digits (8 at least); rarely more than one, none when never kept. */
export async function certificatesOf(table: Table, digits: string): Promise<readonly CertificateFacts[]> {
  const { pk } = keys.certificate(digits);
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :digits)',
    ConsistentRead: true,
    ExpressionAttributeValues: { ':pk': pk, ':digits': digits },
  });
  return items.map((item) => parseItem(certificateSchema, item));
}
