import { isDeepStrictEqual } from 'node:util';
import type { EndpointSettings } from '../../endpoint/endpoint.ts';
import { endpointInput } from '../../endpoint/schema.ts';
import type { Desired } from './file-endpoint.ts';
import { scopeOf, scopeTag } from './scope.ts';

/** An endpoint as the deployment has it. */
export interface Deployed extends EndpointSettings {
  readonly id: string;
  /** Its ETag without the quotes. */
  readonly revision: number;
}

/** One field that becomes another; undefined: it is absent. */
export interface FieldChange {
  readonly field: string;
  readonly old: unknown;
  readonly new: unknown;
}

export type Change =
  | { readonly action: 'add'; readonly id: string; readonly desired: Desired }
  | {
      readonly action: 'change';
      readonly id: string;
      readonly desired: Desired;
      readonly deployed: Deployed;
      readonly fields: readonly FieldChange[];
    }
  | { readonly action: 'remove'; readonly id: string; readonly deployed: Deployed };

export interface Plan {
  /** What is added and changed in the order of the file, then what is removed. */
  readonly changes: readonly Change[];
  readonly unchanged: number;
  /** Of the file's scope and not in the file, and to be left alone. */
  readonly left: readonly string[];
  /** Endpoints of the file that belong to another scope, which are to be left alone. */
  readonly foreign: readonly { readonly id: string; readonly scope: string }[];
}

interface PlanOptions {
  /** Remove what is of the scope and not wanted. */
  readonly prune: boolean;
  /** Take endpoints out of other scopes. */
  readonly takeOver: boolean;
}

/** What would make the deployment as the file wants it. */
export function planOf(
  { scope, endpoints }: { readonly scope: string | null; readonly endpoints: readonly Desired[] },
  deployed: ReadonlyMap<string, Deployed>,
  { prune, takeOver }: PlanOptions,
): Plan {
  const changes: Change[] = [];
  const foreign: { id: string; scope: string }[] = [];
  for (const desired of endpoints) {
    const { id } = desired;
    const present = deployed.get(id);
    if (!present) {
      changes.push({ action: 'add', id, desired });
      continue;
    }
    const owner = scopeOf(present.tags);
    if (!takeOver && owner !== null && owner !== scopeOf(desired.settings.tags)) {
      foreign.push({ id, scope: owner });
      continue;
    }
    const fields = fieldChanges(present, desired.settings);
    if (fields.length > 0) changes.push({ action: 'change', id, desired, deployed: present, fields });
  }
  const wanted = new Set(endpoints.map(({ id }) => id));
  const unwanted = [...deployed.values()]
    .filter(({ id, tags }) => scope !== null && tags.includes(scopeTag(scope)) && !wanted.has(id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const removed: Change[] = prune
    ? unwanted.map((one) => ({ action: 'remove', id: one.id, deployed: one }))
    : [];
  return {
    changes: [...changes, ...removed],
    unchanged: endpoints.length - changes.length - foreign.length,
    left: prune ? [] : unwanted.map(({ id }) => id),
    foreign,
  };
}

/** Fields whose order says nothing. */
const SETS: readonly string[] = ['tags', 'regions'];

/** Field by field what becomes what, in the order of the documentation. */
export function fieldChanges(old: EndpointSettings, wanted: EndpointSettings): readonly FieldChange[] {
  const [before, after] = [new Map(Object.entries(old)), new Map(Object.entries(wanted))];
  return Object.keys(endpointInput.shape).flatMap((field) => {
    const change = { field, old: before.get(field), new: after.get(field) };
    return isDeepStrictEqual(comparable(field, change.old), comparable(field, change.new)) ? [] : [change];
  });
}

const comparable = (field: string, value: unknown): unknown =>
  SETS.includes(field) && Array.isArray(value) ? [...value].sort() : value;
