import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { REQUEST } from '../../../lib/cli/cost/traffic.ts';
import { type Harbour, openHarbour } from '../../support/fleet/harbour.ts';

let harbour: Harbour | null = null;
beforeEach(() => {
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockReturnValue();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await harbour?.close();
});

interface Carried {
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly body: unknown };
}
interface Answered {
  readonly response: { readonly headers: Readonly<Record<string, string>> };
}

/** The first lines, the names, the values and what stands between them. */
const headBytes = (headers: Readonly<Record<string, string>>): number =>
  Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + String(value).length + 4, 40);

const KINDS = [
  { kind: 'round', of: /"pk":\{"S":"ROUND#.*attribute_not_exists/ },
  { kind: 'attention', of: /"RequestItems".*attention\.#region/ },
  { kind: 'note', of: /"pk":\{"S":"REGIONS"\}.*UpdateExpression/ },
  { kind: 'cohorts', of: /KeyConditionExpression.*"COHORTS"/ },
] as const;

it.each([{ cohorts: [3] }, { cohorts: [20, 20, 20] }])(
  'is at most what is written down of the requests to home: $cohorts',
  async ({ cohorts }) => {
    harbour = await openHarbour({ cohorts, regions: 1, handshake: 'tcp' });
    const largest = new Map<string, { sent: number; received: number }>();
    const count = (next: (args: unknown) => Promise<unknown>) => async (args: unknown) => {
      const answer = await next(args);
      const { request } = args as Carried;
      const { response } = answer as Answered;
      const body = String(request.body);
      const kind = KINDS.find(({ of }) => of.test(body))?.kind;
      if (kind) {
        const before = largest.get(kind) ?? { sent: 0, received: 0 };
        largest.set(kind, {
          sent: Math.max(before.sent, headBytes(request.headers) + body.length),
          received: Math.max(
            before.received,
            headBytes(response.headers) + Number(response.headers['content-length']),
          ),
        });
      }
      return answer;
    };
    harbour.stack.table.documents.middlewareStack.add(count as never, {
      step: 'finalizeRequest',
      priority: 'low',
    });
    await harbour.fleet.pass(3);
    const { round, attention, note, cohorts: look } = REQUEST;
    const [members = 0] = cohorts;
    const written = {
      round: { sent: round.sent + round.sentPerEndpoint * members, received: round.received },
      attention: {
        sent: attention.sent + attention.sentPerCohort * cohorts.length,
        received: attention.received + attention.receivedPerCohort * cohorts.length,
      },
      note,
      cohorts: { sent: look.sent, received: look.received + look.receivedPerCohort * cohorts.length },
    };
    for (const { kind } of KINDS) {
      for (const way of ['sent', 'received'] as const) {
        const counted = largest.get(kind)?.[way] ?? 0;
        expect(counted, `${kind} ${way}`).toBeLessThanOrEqual(written[kind][way]);
        expect(counted, `${kind} ${way}`).toBeGreaterThan(0.9 * written[kind][way]);
      }
    }
  },
);
