import * as z from 'zod/mini';

/** What of a region's report is shown; the API says more, see docs/api.md. */
const regionReport = z.object({
  region: z.string(),
  state: z.enum(['passing', 'suspect', 'failing', 'recovering', 'unknown']),
  stage: z.nullable(z.string()),
  outcome: z.nullable(z.string()),
  reason: z.nullable(z.string()),
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
  verdict: z.object({ rule: z.string(), severity: z.nullable(z.string()) }),
  regions: z.array(regionReport),
});

export type RegionStatus = z.infer<typeof regionReport>;
export type EndpointStatus = z.infer<typeof endpointStatus>;

const page = z.object({ items: z.array(endpointStatus), next: z.nullish(z.string()) });

/** The API answered with an error: its own words. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
}

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

async function get(url: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(15_000) });
  } catch (cause) {
    throw new ApiRefusal(`${new URL(url).origin} cannot be reached: is parallax local running there?`, {
      cause,
    });
  }
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  if (response.status === 403) {
    throw new ApiRefusal(`${new URL(url).origin} asks for a signature (403): use awscurl, or the AWS SDK`);
  }
  throw new ApiRefusal(`${response.status} from ${url}: ${detailOf(text)}`);
}

function detailOf(text: string): string {
  try {
    const problem: unknown = JSON.parse(text);
    if (problem && typeof problem === 'object' && 'detail' in problem) return String(problem.detail);
  } catch {
    // Not JSON, so not our API: its first words are all there is to show.
  }
  return text.slice(0, 200);
}
