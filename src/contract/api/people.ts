import { z } from 'zod';
import { roleSchema, scopeSchema } from '../access.ts';
import { nameField } from './auth.ts';

const moment = z.iso.datetime({ precision: 3 });
const placesField = scopeSchema.nullable().describe('Cameras and sites this person may see; null means everywhere');

/** Somebody with an account. */
export const personSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  scope: placesField,
  has_password: z.boolean().describe('False until the link has been used, or if only a provider signs this person in'),
  second_factor: z.boolean(),
  created_at: moment,
  last_used_at: moment.nullable().describe('Accurate to a few minutes; null before the first sign-in'),
  disabled_at: moment.nullable(),
});

export type Person = Readonly<z.infer<typeof personSchema>>;

/** Everybody, by name. */
export const personListSchema = z.strictObject({ people: z.array(personSchema).readonly() });

/** Somebody who is to have an account. */
export const newPersonSchema = z.strictObject({
  name: nameField,
  role: roleSchema,
  scope: placesField.default(null),
});

/** What is to change; what is left out stays. */
export const personChangeSchema = z
  .strictObject({ role: roleSchema.optional(), scope: placesField.optional(), disabled: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0, 'expected role, scope or disabled');

export type PersonChange = Readonly<z.infer<typeof personChangeSchema>>;

/** What is taken away besides the password and all sessions. */
export const personResetSchema = z.strictObject({
  second_factor: z.boolean().default(false).describe('Also remove the second factor, if it is lost'),
});

export const personParamsSchema = z.strictObject({ id: z.uuid().toLowerCase() });

/** Where somebody chooses a password, told this once to whoever passes it on. */
export const invitedSchema = z.strictObject({
  person: personSchema,
  link: z.string().describe('Path of the page for choosing a password; works once, within 24 hours'),
});

export type Invited = Readonly<z.infer<typeof invitedSchema>>;
