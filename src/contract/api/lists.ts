import { z } from 'zod';
import { idSchema, plateWildcardSchema, scheduleSchema } from '../rule.ts';
import { cursorField, limitField, valueField } from './fields.ts';

const moment = z.iso.datetime({ precision: 3 });
const givenMoment = z.iso.datetime({ offset: true }).regex(/^(19|20|21)\d\d/, 'expected a year from 1900 to 2199');
const colour = z
  .string()
  .regex(/^(#[0-9a-f]{6})?$/, 'expected a colour such as #2e7d32, or nothing')
  .default('')
  .describe('How it is marked, such as `#2e7d32`');

/** What a list of plates is called and is for. */
export const listFieldsSchema = z.strictObject({
  name: valueField,
  note: z.string().max(2000).default(''),
  colour,
});

export type ListFields = Readonly<z.infer<typeof listFieldsSchema>>;

/** A list of plates, without its entries. */
export const plateListSchema = listFieldsSchema.extend({
  id: idSchema,
  entries: z.int().min(0),
  at: moment.describe('When it was made'),
});

export type PlateList = Readonly<z.infer<typeof plateListSchema>>;

export const plateListsSchema = z.strictObject({ lists: z.array(plateListSchema).readonly() });

export const listParamsSchema = z.strictObject({ list: idSchema });

/** What is known of the plates of one entry. */
export const entryFieldsSchema = z.strictObject({
  name: z.string().trim().max(200).default(''),
  note: z.string().trim().max(2000).default(''),
  group: z.string().trim().max(64).default(''),
  colour,
  tags: z.array(z.string().trim().min(1).max(64)).max(32).default([]),
  valid_from: givenMoment.nullable().default(null).describe('Matches nothing before; null means always'),
  valid_until: givenMoment.nullable().default(null).describe('Matches nothing from then on; null means for ever'),
  schedule: scheduleSchema.nullable().default(null).describe('When it matches; null means always'),
});

export type EntryFields = Readonly<z.infer<typeof entryFieldsSchema>>;

/** One entry of a list: a plate, or a pattern with `?` for one character and `*` for any number. */
export const listEntrySchema = entryFieldsSchema.extend({ plate: plateWildcardSchema });

export type ListEntry = Readonly<z.infer<typeof listEntrySchema>>;

export const entryParamsSchema = z.strictObject({ list: idSchema, plate: plateWildcardSchema });

/** Which entries of a list, in the order of their texts. */
export const entriesQuerySchema = z.strictObject({
  q: z.string().max(64).optional().describe('Entries whose plate, name, group or a tag begins with this'),
  limit: limitField,
  cursor: cursorField,
});

export const entriesSchema = z.strictObject({
  entries: z.array(listEntrySchema).readonly(),
  next: z.string().nullable(),
});

/** How a file of entries is taken. */
export const importQuerySchema = z.strictObject({
  mode: z
    .enum(['add', 'replace'])
    .default('add')
    .describe('`replace` also removes the entries that the file does not have'),
  apply: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Otherwise nothing is changed, and the answer says what would be'),
});

const some = z.array(plateWildcardSchema).max(20).readonly();

/** What a file changes, or would. Of each kind the first twenty are shown. */
export const importedSchema = z.strictObject({
  applied: z.boolean(),
  lines: z.int().min(0).describe('Lines with an entry'),
  added: z.int().min(0),
  changed: z.int().min(0),
  removed: z.int().min(0),
  unchanged: z.int().min(0),
  refused: z.int().min(0).describe('Lines that are left out'),
  shown: z.strictObject({ added: some, changed: some, removed: some }),
  refusals: z
    .array(z.strictObject({ line: z.int().min(1), why: z.string() }))
    .max(100)
    .readonly()
    .describe('The first hundred'),
});

export type Imported = Readonly<z.infer<typeof importedSchema>>;

/** Entries as CSV: a header line, then one line for each. */
export const listFileSchema = z.unknown().meta({ type: 'string' });
