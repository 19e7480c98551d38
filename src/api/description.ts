import { STATUS_CODES } from 'node:http';
import type { SwaggerTransform, SwaggerTransformObject } from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { auditAlarmSchema, auditPageSchema, auditStateSchema, auditSummarySchema } from '../contract/api/audit.ts';
import { cameraListSchema } from '../contract/api/cameras.ts';
import { eventHistorySchema, eventPageSchema } from '../contract/api/events.ts';
import { healthSchema } from '../contract/api/health.ts';
import { liveEventSchema } from '../contract/api/live.ts';
import { problemSchema } from '../contract/api/problem.ts';
import { analyticsSchema, facetsSchema, searchAnswerSchema } from '../contract/api/search.ts';
import { statsSchema } from '../contract/api/stats.ts';
import { cameraStatusSchema, liveMetaSchema } from '../contract/live.ts';
import { plateEventSchema } from '../contract/plate-event.ts';

/** What has a name of its own in the description. */
const COMPONENTS = {
  AuditAlarm: auditAlarmSchema,
  AuditPage: auditPageSchema,
  AuditState: auditStateSchema,
  AuditSummary: auditSummarySchema,
  Analytics: analyticsSchema,
  CameraList: cameraListSchema,
  CameraStatus: cameraStatusSchema,
  EventHistory: eventHistorySchema,
  EventPage: eventPageSchema,
  Facets: facetsSchema,
  Health: healthSchema,
  LiveBoxes: liveMetaSchema,
  LiveEvent: liveEventSchema,
  PlateEvent: plateEventSchema,
  Problem: problemSchema,
  SearchAnswer: searchAnswerSchema,
  Stats: statsSchema,
};

/** The groups of routes, in the order in which the description lists them. */
export const TAGS = [
  { name: 'System', description: 'Whether it works, and how much it does' },
  { name: 'Events', description: 'What passed' },
  { name: 'Search', description: 'Find events by what their plate says, and count them' },
  { name: 'Images', description: 'Pictures of events' },
  { name: 'Cameras', description: 'What the cameras do and see now' },
  { name: 'Audit', description: 'Who did what, when and what for' },
  { name: 'Live', description: 'Everything as it happens' },
];

type Transforms = Readonly<{ transform: SwaggerTransform; transformObject: SwaggerTransformObject }>;

/** Makes OpenAPI of the routes and their zod schemas. */
export function createTransforms(): Transforms {
  const schemaRegistry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) schemaRegistry.add(schema, { id });
  // What schemas say of themselves stands in zod's own registry, beside our names.
  const override: z.core.ToJSONSchemaParams['override'] = ({ zodSchema, jsonSchema }) =>
    Object.assign(jsonSchema, z.globalRegistry.get(zodSchema));
  const options = { schemaRegistry, zodToJsonConfig: { override } };
  const describe = createJsonSchemaTransform(options);
  const complete = createJsonSchemaTransformObject(options);
  return {
    transform: (route) => {
      if ('hide' in route.schema && route.schema.hide) return describe(route);
      const schema = { ...route.schema, response: describeAnswers(route.schema.response) };
      return nameRest(describe({ ...route, schema }));
    },
    transformObject: (document) => withoutInputs(complete(document)),
  };
}

/** Gives each answer its type: JSON, a problem for what went wrong, or what the route says itself. */
function describeAnswers(response: unknown): Record<string, unknown> {
  const told = response !== null && typeof response === 'object' ? response : {};
  const answers = Object.entries({ ...told, 400: problemSchema, default: problemSchema });
  return Object.fromEntries(
    answers.map(([status, schema]) => {
      if (!(schema instanceof z.ZodType) || schema instanceof z.ZodNull) return [status, schema];
      const type = schema === problemSchema ? 'application/problem+json' : 'application/json';
      const description = STATUS_CODES[status] ?? 'Whatever else goes wrong';
      return [status, { description, content: { [type]: { schema } } }];
    }),
  );
}

/** OpenAPI has no rest of a path; the parameter `*` gets a name. */
function nameRest({ schema, url }: ReturnType<SwaggerTransform>): ReturnType<SwaggerTransform> {
  if (!url.endsWith('/*')) return { schema, url };
  const params: unknown = JSON.parse(JSON.stringify(schema.params).replaceAll('"*"', '"key"'));
  return { schema: { ...schema, params }, url: url.replace('*', ':key') };
}

/** The provider also adds each component as an input; no route takes one. */
function withoutInputs(document: ReturnType<SwaggerTransformObject>): ReturnType<SwaggerTransformObject> {
  const schemas = ('components' in document && document.components?.schemas) || {};
  for (const name of Object.keys(schemas)) if (name.endsWith('Input')) delete schemas[name];
  return document;
}
