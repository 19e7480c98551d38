import { STATUS_CODES } from 'node:http';
import type { SwaggerTransform, SwaggerTransformObject } from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { alertSchema } from '../contract/alert.ts';
import { alertPageSchema, keptAlertSchema } from '../contract/api/alerts.ts';
import { auditAlarmSchema, auditPageSchema, auditStateSchema, auditSummarySchema } from '../contract/api/audit.ts';
import { grantedSchema, meSchema, sessionListSchema, waysSchema } from '../contract/api/auth.ts';
import { cameraListSchema } from '../contract/api/cameras.ts';
import { eventHistorySchema, eventPageSchema } from '../contract/api/events.ts';
import { healthSchema } from '../contract/api/health.ts';
import { importedSchema, listEntrySchema, plateListSchema } from '../contract/api/lists.ts';
import { liveEventSchema } from '../contract/api/live.ts';
import { modelListSchema, shadowSchema } from '../contract/api/models.ts';
import { personSchema } from '../contract/api/people.ts';
import { noteSchema, notesSchema, plateHistorySchema } from '../contract/api/plates.ts';
import {
  erasureReportSchema,
  holdSchema,
  inventorySchema,
  retentionReportSchema,
  signedReportSchema,
} from '../contract/api/privacy.ts';
import { problemSchema } from '../contract/api/problem.ts';
import { readAnswerSchema } from '../contract/api/read.ts';
import { reportSchema } from '../contract/api/reports.ts';
import { decidedSchema, queueSchema } from '../contract/api/review.ts';
import { keptRulesSchema } from '../contract/api/rules.ts';
import { savedSearchesSchema, savedSearchSchema } from '../contract/api/saved-searches.ts';
import { analyticsSchema, facetsSchema, searchAnswerSchema } from '../contract/api/search.ts';
import { statsSchema } from '../contract/api/stats.ts';
import { tokenSchema } from '../contract/api/tokens.ts';
import { cameraStatusSchema, liveMetaSchema } from '../contract/live.ts';
import { plateEventSchema } from '../contract/plate-event.ts';
import { conditionSchema, ruleSchema } from '../contract/rule.ts';
import type { RouteAccess } from './access/route-access.ts';

/** What has a name of its own in the description. */
const COMPONENTS = {
  Alert: alertSchema,
  AlertPage: alertPageSchema,
  AuditAlarm: auditAlarmSchema,
  AuditPage: auditPageSchema,
  AuditState: auditStateSchema,
  AuditSummary: auditSummarySchema,
  Analytics: analyticsSchema,
  CameraList: cameraListSchema,
  CameraStatus: cameraStatusSchema,
  EventHistory: eventHistorySchema,
  ErasureReport: erasureReportSchema,
  EventPage: eventPageSchema,
  Facets: facetsSchema,
  Granted: grantedSchema,
  Health: healthSchema,
  Hold: holdSchema,
  Inventory: inventorySchema,
  LiveBoxes: liveMetaSchema,
  LiveEvent: liveEventSchema,
  Me: meSchema,
  Person: personSchema,
  PlateEvent: plateEventSchema,
  Imported: importedSchema,
  KeptAlert: keptAlertSchema,
  KeptRules: keptRulesSchema,
  ListEntry: listEntrySchema,
  ModelList: modelListSchema,
  Note: noteSchema,
  Notes: notesSchema,
  PlateHistory: plateHistorySchema,
  PlateList: plateListSchema,
  Problem: problemSchema,
  ReadAnswer: readAnswerSchema,
  Report: reportSchema,
  ReviewDecided: decidedSchema,
  ReviewQueue: queueSchema,
  Rule: ruleSchema,
  Shadow: shadowSchema,
  RuleCondition: conditionSchema,
  SavedSearch: savedSearchSchema,
  SavedSearches: savedSearchesSchema,
  SearchAnswer: searchAnswerSchema,
  SessionList: sessionListSchema,
  RetentionReport: retentionReportSchema,
  SignedErasure: signedReportSchema,
  Stats: statsSchema,
  Token: tokenSchema,
  Ways: waysSchema,
};

/** The groups of routes, in the order in which the description lists them. */
export const TAGS = [
  { name: 'System', description: 'Whether it works, and how much it does' },
  { name: 'Models', description: 'Model versions, comparisons of challengers, promotion' },
  { name: 'Reports', description: 'Questions about what was seen and done over days' },
  { name: 'Events', description: 'What passed' },
  { name: 'Review', description: 'What people decide on reads' },
  { name: 'Search', description: 'Find events by what their plate says, and count them' },
  { name: 'Plates', description: 'What is known of one plate, and what people wrote' },
  { name: 'Alerts', description: 'What rules found, and what people do with it' },
  { name: 'Lists', description: 'Lists of plates, which rules name' },
  { name: 'Rules', description: 'What makes an alert' },
  { name: 'Reading', description: 'Read pictures that programs send, also as other systems are asked' },
  { name: 'Channels', description: 'Where alerts are sent' },
  { name: 'Images', description: 'Pictures of events' },
  { name: 'Cameras', description: 'What the cameras do and see now' },
  { name: 'Audit', description: 'Who did what, when and what for' },
  { name: 'Privacy', description: 'Where plates live and how long, what keeps them, and what erases them' },
  { name: 'Live', description: 'Everything as it happens' },
  { name: 'People', description: 'Who may ask, and how they get in' },
  { name: 'Tokens', description: 'Keys of programs' },
];

/** The ways to sign in. */
export const SECURITY = {
  session: { type: 'apiKey', in: 'cookie', name: 'alpr-session', description: 'What the page has after signing in' },
  token: { type: 'http', scheme: 'bearer', description: 'A token of /tokens, or an access token of /auth/token' },
} as const;

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
      const { access = 'public' } = route.route.config ?? {};
      const response = describeAnswers(route.schema.response, access);
      const { schema, url } = nameRest(describe({ ...route, schema: { ...route.schema, response } }));
      return { schema: { ...schema, ...describeAccess(access) }, url };
    },
    transformObject: (document) => withoutInputs(complete(document)),
  };
}

/** How somebody says who they are, and what they must be allowed to do. */
function describeAccess(access: RouteAccess) {
  if (access === 'public') return { security: [] };
  return { security: Object.keys(SECURITY).map((name) => ({ [name]: [] })), 'x-permission': access };
}

/** Gives each answer its type: JSON, a problem for what went wrong, or what the route says itself. */
function describeAnswers(response: unknown, access: RouteAccess): Record<string, unknown> {
  const told = response !== null && typeof response === 'object' ? response : {};
  const answers = Object.entries({
    ...told,
    400: problemSchema,
    ...(access !== 'public' && { 401: problemSchema, 403: problemSchema }),
    default: problemSchema,
  });
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

/** The provider also adds each component as an input; those that no route takes go. */
function withoutInputs(document: ReturnType<SwaggerTransformObject>): ReturnType<SwaggerTransformObject> {
  const schemas: Record<string, unknown> = ('components' in document && document.components?.schemas) || {};
  const unused = () => {
    const names = Object.keys(schemas).filter((name) => name.endsWith('Input'));
    return names.filter((name) => {
      const { [name]: _own, ...others } = schemas;
      return ![document.paths, others].some((part) => JSON.stringify(part).includes(`"#/components/schemas/${name}"`));
    });
  };
  // One that went may have been all that another was for.
  for (let names = unused(); names.length > 0; names = unused()) for (const name of names) delete schemas[name];
  return document;
}
