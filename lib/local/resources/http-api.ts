import * as z from 'zod/mini';
import { generatedName, type Kind, read } from './kind.ts';

/** The HTTP API itself; its address is where the local stack serves it. One of them, as the stack has. */
export const httpApi: Kind = {
  types: ['AWS::ApiGatewayV2::Api'],
  identify: (_, place) => ({
    ref: generatedName(place),
    attributes: { ApiId: generatedName(place), ApiEndpoint: 'http://127.0.0.1' },
  }),
  async make(properties, place) {
    read(z.object({ ProtocolType: z.literal('HTTP') }), properties, place);
  },
};

const integrationSchema = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});

/** From a route to its function. */
export const httpIntegration: Kind = {
  types: ['AWS::ApiGatewayV2::Integration'],
  identify: (_, place) => ({ ref: generatedName(place), attributes: {} }),
  async make(properties, place, world) {
    const { IntegrationUri } = read(integrationSchema, properties, place);
    world.integrations.set(generatedName(place), IntegrationUri);
  },
};

const routeSchema = z.object({ RouteKey: z.string(), Target: z.string() });

/** `GET /endpoints/{id}`. Who may call it is left out: the local API listens on loopback only. */
export const httpRoute: Kind = {
  types: ['AWS::ApiGatewayV2::Route'],
  identify: (_, place) => ({ ref: generatedName(place), attributes: { RouteId: generatedName(place) } }),
  async make(properties, place, world) {
    const { RouteKey, Target } = read(routeSchema, properties, place);
    const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(RouteKey) ?? [];
    if (!method || !path) throw new Error(`${place.logicalId}: ${RouteKey}: only METHOD /path is known here`);
    const functionArn = world.integrations.get(Target.replace(/^integrations\//, ''));
    const target = world.functions.get(functionArn ?? '');
    if (!target) throw new Error(`${place.logicalId}: ${Target} leads to no function`);
    world.routes.push({ method, path, function: target });
  },
};
