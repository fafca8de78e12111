import { type ApiClient, allOf, bodyOf, type Schemas } from './api-client.ts';
import { ofEndpoint } from './known.ts';

/** What of a region's report is shown; the API says more, see docs/api.md. */
export type RegionStatus = Pick<
  Schemas['RegionReport'],
  | 'region'
  | 'state'
  | 'conclusiveAt'
  | 'evidence'
  | 'stage'
  | 'outcome'
  | 'reason'
  | 'tcpClock'
  | 'tainted'
  | 'synRetransmits'
  | 'timings'
>;

/** What is shown of the status of one endpoint, and of each where all are asked for. */
export interface EndpointStatus {
  readonly endpoint: Pick<Schemas['Endpoint'], 'id' | 'name' | 'host' | 'port' | 'handshake'>;
  readonly verdict: Pick<Schemas['Verdict'], 'rule' | 'severity' | 'settlesAt'>;
  readonly regions: readonly RegionStatus[];
}

export type ListedStatus = Schemas['StatusPage']['items'][number];

/** Which endpoints are asked for; nothing: all. */
export interface StatusFilter {
  readonly tag?: string | undefined;
  readonly team?: string | undefined;
}

/** Everything the API says of all endpoints that are asked for. @throws ApiRefusal */
export function statusOfAll(api: ApiClient, filter: StatusFilter = {}): Promise<readonly ListedStatus[]> {
  const { tag, team } = filter;
  return allOf((next) => api.GET('/status', { params: { query: { limit: 200, next, tag, team } } }));
}

/** Everything the API says of one endpoint. @throws ApiRefusal */
export function statusOfOne(api: ApiClient, id: string): Promise<Schemas['Status']> {
  const params = { path: { id } };
  return ofEndpoint(api, id, () => bodyOf(api.GET('/endpoints/{id}/status', { params })));
}
