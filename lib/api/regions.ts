import { allRegions } from '../store/region.ts';
import { type RouteHandler, text, textOrNull } from './api.ts';
import { onlyParameters } from './request.ts';

/** The deployment's regions in its order, with what their probers say of themselves. */
export const getRegions: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const records = new Map((await allRegions(api.table)).map((record) => [record.region, record]));
  const items = api.environment.regions.map((region) => {
    const record = records.get(region);
    const controls = record?.controls ?? null;
    return {
      region,
      newestRoundAt: textOrNull(record?.newestRoundAt ?? null),
      controls: controls && { ...controls, at: text(controls.at) },
      sourceAddresses: (record?.sourceAddresses ?? []).map(({ address, at }) => ({ address, at: text(at) })),
      tcpClock: record?.tcpClock ?? null,
    };
  });
  return { status: 200, body: { items, next: null } };
};
