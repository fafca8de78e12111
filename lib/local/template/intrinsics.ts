export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a resource is known by: `Ref` and `Fn::GetAtt` of it. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What the intrinsic functions of one stack's template resolve against. */
export interface Scope {
  readonly stackName: string;
  readonly region: string;
  readonly account: string;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly conditions: Readonly<Record<string, Json>>;
  /** @throws when the template has no such resource. */
  identify(logicalId: string): Identity;
}

/**
 * The value with every CloudFormation intrinsic function in it replaced; `AWS::NoValue` leaves its place. See "Intrinsic
 * function reference" in the CloudFormation user guide.
 * @throws on a reference that cannot be resolved and on a function that is not known here.
 */
export function resolve(value: Json, scope: Scope): Json | undefined {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  const [name, ...others] = Object.keys(value);
  if (name !== undefined && others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
    return call(name, value[name] ?? null, scope);
  }
  const resolved: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const inner = resolve(item, scope);
    if (inner !== undefined) resolved[key] = inner;
  }
  return resolved;
}

function call(name: string, argument: Json, scope: Scope): Json | undefined {
  switch (name) {
    case 'Ref':
      return reference(word(argument, name), scope);
    case 'Fn::GetAtt':
      return attribute(argument, scope);
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Join': {
      const [separator, items] = list(resolve(argument, scope), name);
      return list(items, name)
        .map((item) => word(item, name))
        .join(word(separator, name));
    }
    case 'Fn::Select': {
      const [index, items] = list(resolve(argument, scope), name);
      const chosen = list(items, name)[Number(index)];
      if (chosen === undefined) throw new Error(`Fn::Select: no item ${String(index)}`, { cause: argument });
      return chosen;
    }
    case 'Fn::Split': {
      const [separator, text] = list(resolve(argument, scope), name);
      return word(text, name).split(word(separator, name));
    }
    case 'Fn::If': {
      const [condition, yes, no] = list(argument, name);
      return resolve((holds(word(condition, name), scope) ? yes : no) ?? null, scope);
    }
    default:
      throw new Error(`the function ${name} is not known to the local stack`, { cause: argument });
  }
}

function reference(name: string, scope: Scope): Json | undefined {
  switch (name) {
    case 'AWS::Region':
      return scope.region;
    case 'AWS::AccountId':
      return scope.account;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return scope.stackName;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${scope.region}:${scope.account}:stack/${scope.stackName}/local`;
    case 'AWS::NoValue':
      return undefined;
    default:
      return scope.parameters[name] ?? scope.identify(name).ref;
  }
}

function attribute(argument: Json, scope: Scope): string {
  const text = typeof argument === 'string' ? argument : list(argument, 'Fn::GetAtt').join('.');
  const dot = text.indexOf('.');
  const [logicalId, name] = [text.slice(0, dot), text.slice(dot + 1)];
  const found = scope.identify(logicalId).attributes[name];
  if (found === undefined) {
    throw new Error(`Fn::GetAtt: ${logicalId} has no attribute ${name} in the local stack`, {
      cause: argument,
    });
  }
  return found;
}

function substitute(argument: Json, scope: Scope): string {
  const [template, given] = typeof argument === 'string' ? [argument, {}] : list(argument, 'Fn::Sub');
  const variables = resolve(given ?? {}, scope) as Readonly<Record<string, Json>>;
  return word(template, 'Fn::Sub').replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const own = variables[name];
    if (own !== undefined) return word(own, 'Fn::Sub');
    return word(name.includes('.') ? attribute(name, scope) : reference(name, scope), 'Fn::Sub');
  });
}

function holds(condition: string, scope: Scope): boolean {
  const expression = scope.conditions[condition];
  if (expression === undefined) throw new Error(`no condition ${condition} in the template`);
  return truth(expression, scope);
}

function truth(expression: Json, scope: Scope): boolean {
  const [name, argument] = Object.entries(expression ?? {})[0] ?? ['', null];
  switch (name) {
    case 'Condition':
      return holds(word(argument, name), scope);
    case 'Fn::Equals': {
      const [left, right] = list(resolve(argument, scope), name);
      return JSON.stringify(left) === JSON.stringify(right);
    }
    case 'Fn::Not':
      return !truth(list(argument, name)[0] ?? null, scope);
    case 'Fn::And':
      return list(argument, name).every((item) => truth(item, scope));
    case 'Fn::Or':
      return list(argument, name).some((item) => truth(item, scope));
    default:
      throw new Error(`the condition ${name} is not known to the local stack`, { cause: expression });
  }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function list(value: Json | undefined, where: string): readonly Json[] {
  if (value === undefined || !isList(value)) throw new Error(`${where}: expected a list`, { cause: value });
  return value;
}

function word(value: Json | undefined, where: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new Error(`${where}: expected text`, { cause: value });
}
