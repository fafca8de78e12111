import type { FieldError } from '../endpoint/field-error.ts';
import { concerns, type Maintenance, windowsFrom } from '../endpoint/maintenance.ts';
import { concernedSchema } from '../endpoint/maintenance-schema.ts';
import { parseMaintenance } from '../endpoint/parse-maintenance.ts';
import { ID_PATTERN } from '../endpoint/schema.ts';
import { endpointsById } from '../store/endpoint.ts';
import { getMaintenance, MAX_PLANS, putMaintenance, quietPlans, removeMaintenance } from '../store/quiet.ts';
import { type Api, type RouteHandler, text } from './api.ts';
import { badFields, Problem } from './problem.ts';
import { newId, onlyParameters, shown } from './request.ts';
import { nudgeAbout } from './tell.ts';

const WINDOWS_SHOWN = 3;

/** With the window that is now, if any, and the next ones. */
function maintenanceJson(maintenance: Maintenance, api: Api) {
  const windows = windowsFrom(maintenance, api.now(), { count: WINDOWS_SHOWN });
  const shownWindows = windows.map(({ fromMs, untilMs }) => ({ from: text(fromMs), until: text(untilMs) }));
  return { ...maintenance, windows: shownWindows };
}

export const getAllMaintenance: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const { maintenances } = await quietPlans(api.table);
  return { status: 200, body: { items: maintenances.map((one) => maintenanceJson(one, api)), next: null } };
};

export const getMaintenanceOne: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  return { status: 200, body: maintenanceJson(await readMaintenance(api, request.rawId), api) };
};

/** Nothing is told of the endpoints in its windows; in place of the maintenance before it. */
export const putMaintenanceOne: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const id = newId(request);
  const written = request.body();
  const parsed = parseMaintenance(written, id, api.now());
  const unknown = await unknownIds(api, concernedSchema.safeParse(written.endpoints).data);
  if ('errors' in parsed) throw badFields([...parsed.errors, ...unknown]);
  if (unknown.length > 0) throw badFields(unknown);
  const { maintenance } = parsed;
  const { maintenances } = await quietPlans(api.table);
  const before = maintenances.find((one) => one.id === id) ?? null;
  if (!before && maintenances.length >= MAX_PLANS) {
    const remedy = 'delete what is over, see GET /maintenance';
    throw new Problem(409, `there are ${MAX_PLANS} maintenances, and no more can be: ${remedy}`);
  }
  await putMaintenance(api.table, maintenance);
  const about = before ? [before, maintenance] : [maintenance];
  await nudgeAbout(api, (endpoint) => about.some((one) => concerns(one, endpoint)));
  const body = maintenanceJson(maintenance, api);
  if (before) return { status: 200, body };
  return { status: 201, body, headers: { location: `/maintenance/${id}` } };
};

/** Ends the present window too: what is still wrong is told from now on. */
export const deleteMaintenance: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const maintenance = await readMaintenance(api, request.rawId);
  await removeMaintenance(api.table, maintenance.id);
  await nudgeAbout(api, (endpoint) => concerns(maintenance, endpoint));
  return { status: 204 };
};

async function readMaintenance(api: Api, id: string): Promise<Maintenance> {
  const found = ID_PATTERN.test(id) ? await getMaintenance(api.table, id) : null;
  if (found) return found;
  throw new Problem(404, `there is no maintenance ${JSON.stringify(shown(id))}: see GET /maintenance`);
}

/** A mistyped id would keep quiet what nobody meant, and tell of what somebody works on. */
async function unknownIds(
  api: Api,
  endpoints: Maintenance['endpoints'] | undefined,
): Promise<readonly FieldError[]> {
  const ids = endpoints === undefined || endpoints === 'all' ? [] : (endpoints.ids ?? []);
  const stored = await endpointsById(api.table, ids);
  return ids.flatMap((id, position) => {
    if (stored.get(id)?.deletedAt === undefined && stored.has(id)) return [];
    const message = `endpoints must name endpoints that there are, and there is no ${id}: see GET /endpoints`;
    return [{ pointer: `#/endpoints/ids/${position}`, message }];
  });
}
