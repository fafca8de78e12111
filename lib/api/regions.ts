import { allRegions } from '../store/region.ts';
import { getWatch } from '../store/watch.ts';
import { type RouteHandler, text, textOrNull } from './api.ts';
import { watchIncidentJson } from './incident-json.ts';
import { onlyParameters } from './request.ts';

/** The deployment's regions in its order, with what their probers say of themselves. */
export const getRegions: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const [noted, watch] = await Promise.all([allRegions(api.table), getWatch(api.table)]);
  const records = new Map(noted.map((record) => [record.region, record]));
  const open = new Map(Object.values(watch.open).map((incident) => [incident.finding.region, incident]));
  const items = api.environment.regions.map((region) => {
    const record = records.get(region);
    const controls = record?.controls ?? null;
    const health = record?.health ?? null;
    const incident = open.get(region);
    return {
      region,
      notedAt: textOrNull(record?.notedAt ?? null),
      newestRoundAt: textOrNull(record?.newestRoundAt ?? null),
      health: health && { healthy: health.healthy, since: text(health.since), at: text(health.at) },
      controls: controls && { ...controls, at: text(controls.at) },
      sourceAddresses: (record?.sourceAddresses ?? []).map(({ address, at }) => ({ address, at: text(at) })),
      tcpClock: record?.tcpClock ?? null,
      clockCheck: record?.clockCheck ?? null,
      incident: incident ? watchIncidentJson(incident) : null,
    };
  });
  return { status: 200, body: { items, next: null } };
};
