import { generatedName, type Kind, type World } from './resources/kind.ts';
import { IGNORED, KINDS } from './resources/kinds.ts';
import { type Resource, type Stack, scopeOf } from './template/assembly.ts';
import { type Identity, type Json, resolve, type Scope } from './template/intrinsics.ts';

/**
 * Makes every resource of every stack, kind by kind.
 * @throws on a type that is neither known nor ignored by name, and on a reference that leads nowhere: a stack that is
 * half there would look like one that works.
 */
export async function provision(stacks: readonly Stack[], world: World): Promise<void> {
  const kindOf = new Map(KINDS.flatMap((kind) => kind.types.map((type): [string, Kind] => [type, kind])));
  refuseUnknown(stacks, kindOf);
  const placed = stacks.map((stack) => ({
    stack,
    scope: scopeOf(stack, (resource, scope) => identify(resource, scope, stack, kindOf)),
  }));
  for (const kind of KINDS) {
    for (const { stack, scope } of placed) {
      for (const { logicalId, type, properties } of stack.resources) {
        if (kindOf.get(type) !== kind) continue;
        await kind.make(resolveAll(properties, scope), { stack, logicalId }, world);
      }
    }
  }
}

function refuseUnknown(stacks: readonly Stack[], kindOf: ReadonlyMap<string, Kind>): void {
  for (const { name, resources } of stacks) {
    for (const { logicalId, type } of resources) {
      if (!kindOf.has(type) && IGNORED[type] === undefined) {
        throw new Error(`${name}: ${logicalId}: the type ${type} is not known to the local stack`);
      }
    }
  }
}

function identify(
  resource: Resource,
  scope: Scope,
  stack: Stack,
  kindOf: ReadonlyMap<string, Kind>,
): Identity {
  const place = { stack, logicalId: resource.logicalId };
  const kind = kindOf.get(resource.type);
  if (kind) return kind.identify(resolveNames(resource.properties, scope), place);
  // Something that is not made has a name all the same, so that a function's environment may carry it.
  const name = generatedName(place);
  return { ref: name, attributes: { Arn: `arn:aws:local:::${name}` } };
}

function resolveAll(properties: Json, scope: Scope): Json {
  return resolve(properties, scope) ?? {};
}

/** Only what names a resource: the rest may refer to resources that refer back. */
function resolveNames(properties: Json, scope: Scope): Json {
  const named = Object.entries(properties ?? {}).filter(
    ([key]) => key.endsWith('Name') || key === 'FifoQueue',
  );
  return resolveAll(Object.fromEntries(named), scope);
}
