import { z } from 'zod';
import { auditActionSchema } from '../audit.ts';
import { cursorField, limitField, momentField, valueField } from './fields.ts';

const search = z.string().min(1).max(64);
const count = z.int().min(0);

const span = {
  from: momentField.optional(),
  to: momentField.optional().describe('End, exclusive'),
};

/** Which entries of the audit, newest first. */
export const auditQuerySchema = z.strictObject({
  person: valueField.optional().describe('Name or id of a person, token or system user'),
  action: auditActionSchema.optional(),
  operation: valueField.optional().describe('Operation of the API or of the command line, such as `searchEvents`'),
  purpose: search.optional(),
  case: search.optional().describe('Case number'),
  plate: search
    .optional()
    .describe('Finds who asked for this plate; a pattern finds searches for exactly that pattern'),
  ...span,
  limit: limitField,
  cursor: cursorField,
});

export type AuditQuery = Readonly<z.infer<typeof auditQuerySchema>>;

const whoSchema = z.strictObject({
  kind: z.enum(['person', 'token', 'address', 'system']),
  id: z.string(),
  name: z.string(),
});

const auditEntrySchema = z.strictObject({
  number: z.int().describe('Place in the chain, from 1'),
  at: z.string(),
  action: auditActionSchema,
  who: whoSchema.nullable().describe('Null if nobody had signed in'),
  from: z.string().describe('Address of the client; `command line` for commands'),
  operation: z.string(),
  status: z.int().describe('HTTP status of the answer'),
  purpose: z.string().nullable(),
  case_number: z.string().nullable(),
  query: z.record(z.string(), z.unknown()).describe('Filters and ids'),
  plates: z
    .array(z.string().nullable())
    .describe('Plates asked for or viewed individually; null if the plate has since been erased'),
  results: z.int().nullable(),
});

/** One entry as the auditor sees it. */
export type ShownAuditEntry = Readonly<z.infer<typeof auditEntrySchema>>;

/** One page of entries. */
export const auditPageSchema = z.strictObject({
  entries: z.array(auditEntrySchema).readonly(),
  next: z.string().nullable(),
});

export type AuditPage = Readonly<z.infer<typeof auditPageSchema>>;

export const auditSummaryQuerySchema = z.strictObject({
  from: momentField.optional().describe('30 days before `to`, if left out'),
  to: momentField.optional().describe('Now, if left out'),
});

const auditSummaryRowSchema = z.strictObject({
  day: z.string().describe('In the time zone of the configuration, such as 2026-11-30'),
  who: whoSchema.nullable(),
  purpose: z.string().nullable(),
  searches: count,
  views: count,
  pictures: count,
  exports: count,
  exported_rows: count,
  changes: count,
  refusals: count,
  others: count,
});

/** What each person did for each purpose on each day, newest first. */
export const auditSummarySchema = z.strictObject({
  time_zone: z.string(),
  rows: z.array(auditSummaryRowSchema).readonly().describe('At most 5,000'),
});

export type AuditSummary = Readonly<z.infer<typeof auditSummarySchema>>;

/** What an alarm is about: one plate again and again, searches outside duty hours, many searches at once, a broken chain. */
export const alarmKindSchema = z.enum(['same-plate', 'off-duty', 'burst', 'chain']);

export type AlarmKind = z.infer<typeof alarmKindSchema>;

export const auditAlarmsQuerySchema = z.strictObject({
  state: z.enum(['open', 'all']).default('open').describe('`open` lists those nobody has reviewed yet'),
  limit: limitField,
  cursor: cursorField,
});

export const auditAlarmSchema = z.strictObject({
  id: z.uuid(),
  kind: alarmKindSchema,
  who: whoSchema.nullable(),
  plate: z.string().nullable().describe('For kind `same-plate`, unless it has since been erased'),
  times: count.describe('Number of searches counted'),
  first_at: z.string(),
  last_at: z.string(),
  last_number: z.int().describe('Number of the last entry counted'),
  message: z.string().describe('What happened, in a sentence'),
  seen_at: z.string().nullable(),
  seen_by: z.string().nullable(),
  note: z.string().nullable(),
});

export type AuditAlarm = Readonly<z.infer<typeof auditAlarmSchema>>;

/** One page of alarms, newest first. */
export const auditAlarmsSchema = z.strictObject({
  alarms: z.array(auditAlarmSchema).readonly(),
  open: count.describe('Number that nobody has reviewed yet'),
  next: z.string().nullable(),
});

export type AuditAlarms = Readonly<z.infer<typeof auditAlarmsSchema>>;

export const alarmParamsSchema = z.strictObject({ id: z.uuid().toLowerCase() });

/** What the auditor found out about an alarm. */
export const alarmSeenBodySchema = z.strictObject({ note: z.string().trim().max(1000).optional() });

export const auditExportQuerySchema = z.strictObject(span);

/** Lines of JSON that `alpr audit verify` checks. */
export const auditExportSchema = z.unknown().meta({ type: 'string' });

const checkpointSchema = z.strictObject({
  number: z.int().describe('Number of the last entry it signs'),
  at: z.string(),
  hash: z.string(),
  fingerprint: z.string().describe('Of the public key'),
});

/** How far the audit is signed, and with which keys. */
export const auditStateSchema = z.strictObject({
  entries: count,
  first_number: z.int().nullable().describe('First entry kept; earlier ones have reached their retention'),
  last_number: z.int(),
  last_hash: z.string(),
  checkpoint: checkpointSchema.nullable(),
  verified_until: z.string().nullable().describe('The running program has found every link up to this time intact'),
  fault: z.string().nullable().describe('The first broken link that the running program found'),
  keys: z
    .array(z.strictObject({ fingerprint: z.string(), public_key: z.string().describe('PEM'), since: z.string() }))
    .readonly(),
  keep_days: z.int().nullable(),
});

export type AuditState = Readonly<z.infer<typeof auditStateSchema>>;

const purposeField = z.string().trim().min(1).max(64);

/** Why somebody looks things up, kept with the session; null forgets it. */
export const purposeBodySchema = z.strictObject({
  purpose: purposeField.nullable(),
  case_number: purposeField.nullable().default(null),
});

/** What must be said before plates are looked up, and what this session has said. */
export const purposeStateSchema = z.strictObject({
  required: z.boolean(),
  case_number_required: z.boolean(),
  purposes: z.array(z.string()).readonly().describe('Allowed purposes; any text if the list is empty'),
  case_number: z.string().nullable().describe('Pattern of a case number'),
  current: z.strictObject({ purpose: z.string().nullable(), case_number: z.string().nullable() }).nullable(),
});

export type PurposeState = Readonly<z.infer<typeof purposeStateSchema>>;
