import * as z from 'zod/mini';
import { get } from './api-client.ts';

/** What of a region's report is shown; the API says more, see docs/api.md. */
const regionReport = z.object({
  region: z.string(),
  state: z.enum(['passing', 'suspect', 'failing', 'recovering', 'unknown']),
  conclusiveAt: z.nullable(z.string()),
  evidence: z.nullable(z.string()),
  stage: z.nullable(z.string()),
  outcome: z.nullable(z.string()),
  reason: z.nullable(z.string()),
  tcpClock: z.nullable(z.enum(['kernel', 'loop'])),
  tainted: z.array(z.string()),
  synRetransmits: z.int(),
  timings: z.object({
    dnsMs: z.optional(z.number()),
    tcpMs: z.optional(z.number()),
    tlsMs: z.optional(z.number()),
    http2Ms: z.optional(z.number()),
  }),
});

const endpointStatus = z.object({
  endpoint: z.object({
    id: z.string(),
    name: z.string(),
    host: z.string(),
    port: z.number(),
    handshake: z.string(),
  }),
  verdict: z.object({
    rule: z.string(),
    severity: z.nullable(z.string()),
    settlesAt: z.nullable(z.string()),
  }),
  regions: z.array(regionReport),
});

export type RegionStatus = z.infer<typeof regionReport>;
export type EndpointStatus = z.infer<typeof endpointStatus>;

const page = z.object({ items: z.array(endpointStatus), next: z.nullish(z.string()) });

/** Everything the API says of one endpoint, or, page by page, of all. @throws ApiRefusal, or when it cannot be reached. */
export async function fetchStatus(
  api: string,
  id: string | null,
): Promise<{ readonly statuses: readonly EndpointStatus[]; readonly answer: unknown }> {
  if (id !== null) {
    const answer = await get(`${api}/endpoints/${encodeURIComponent(id)}/status`);
    return { statuses: [endpointStatus.parse(answer)], answer };
  }
  const items: unknown[] = [];
  const statuses: EndpointStatus[] = [];
  let next: string | null | undefined;
  do {
    const answer = await get(`${api}/status${next ? `?next=${encodeURIComponent(next)}` : ''}`);
    const read = page.parse(answer);
    statuses.push(...read.items);
    items.push(...(answer as { readonly items: readonly unknown[] }).items);
    next = read.next;
  } while (next);
  return { statuses, answer: { items, next: null } };
}
