import * as z from 'zod/mini';
import { endpointInput, ID_PATTERN } from '../../endpoint/schema.ts';
import { NO_DEFAULTS } from './file-endpoint.ts';
import { SCOPE_PATTERN } from './scope.ts';

/** The first line of a file, by which editors find the schema beside it. */
export const SCHEMA_LINE = ' yaml-language-server: $schema=parallax.schema.json';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  port: 'TCP port; not 25, which AWS Lambda cannot connect to.',
  name: 'What alerts call it. Default: the id.',
  intervalSeconds: 'How often each region tries.',
  alertAfterSeconds: 'An incident is told once it has lasted this long.',
  regions: '"all", or a list of regions of the deployment.',
  addressFamily: 'Which addresses of a name are tried. Default: ipv4, or what the address is.',
  serverName: 'SNI, and the name on the certificate. Default: the host.',
  certificate: 'verify, or ignore: a bad certificate is reported and never fails.',
  tags: 'At most 20, without / \\ ? # %; those of the defaults are replaced, not added to.',
  enabled: 'false: it is not tried.',
  team: 'Whose it is; alerts carry it.',
  severities: 'How severe each kind of incident is here.',
  runbookUrl: 'Stands in every alert.',
};

/** JSON Schema (draft 2020-12) of a file of endpoints, for editors: docs/parallax.schema.json. */
export function monitorFileSchema(): object {
  const { properties = {} } = z.toJSONSchema(endpointInput, { io: 'input' });
  const described = Object.entries(properties).map(([field, schema]): [string, unknown] => {
    const description = DESCRIPTIONS[field];
    return [
      field,
      description === undefined || typeof schema === 'boolean' ? schema : { ...schema, description },
    ];
  });
  const fields = Object.fromEntries(described);
  const defaults = Object.fromEntries(described.filter(([field]) => !NO_DEFAULTS.includes(field)));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Parallax endpoints',
    description: 'What parallax apply makes of a deployment.',
    type: 'object',
    required: ['endpoints'],
    additionalProperties: false,
    patternProperties: { '^x-': { description: 'Anything, for anchors.' } },
    properties: {
      scope: {
        description:
          'Whose endpoints these are: apply --prune removes what was applied with the same scope and is gone from the file.',
        type: 'string',
        pattern: SCOPE_PATTERN.source,
      },
      defaults: {
        description: 'Fields of all endpoints that do not say otherwise.',
        type: ['object', 'null'],
        additionalProperties: false,
        properties: defaults,
      },
      endpoints: {
        description: 'What is watched, by id.',
        type: ['object', 'null'],
        propertyNames: { pattern: ID_PATTERN.source },
        additionalProperties: {
          type: 'object',
          // Port and handshake may come from the defaults.
          required: ['host'],
          additionalProperties: false,
          properties: fields,
        },
      },
    },
  };
}
