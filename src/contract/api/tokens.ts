import { z } from 'zod';
import { permissionSchema, scopeSchema } from '../access.ts';
import { valueField } from './fields.ts';

const moment = z.iso.datetime({ precision: 3 });

/** A token as it is listed: never the token itself. */
export const tokenSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  permissions: z.array(permissionSchema).readonly(),
  scope: scopeSchema.nullable().describe('The cameras and sites that it may see; null is everywhere'),
  created_at: moment,
  created_by: z.string().nullable().describe('Name of who made it; null when it was made on the command line'),
  expires_at: moment.nullable(),
  last_used_at: moment.nullable().describe('To the minute'),
  revoked_at: moment.nullable(),
  former_until: moment.nullable().describe('Until then what it was before its last rotation opens, too'),
});

export type Token = Readonly<z.infer<typeof tokenSchema>>;

/** All tokens, newest first. */
export const tokenListSchema = z.strictObject({ tokens: z.array(tokenSchema).readonly() });

const nameField = valueField.describe('What it is for');

/** What a new token lets through. */
export const newTokenSchema = z.strictObject({
  name: nameField,
  permissions: z.array(permissionSchema).min(1).max(32).readonly(),
  scope: scopeSchema.nullable().default(null).describe('The cameras and sites that it may see; null is everywhere'),
  expires_at: z.iso
    .datetime({ offset: true })
    .regex(/^20\d\d/, 'expected a year from 2000 to 2099')
    .nullable()
    .describe('Null is never'),
});

/** How long what the token was before opens beside what it is now. */
export const rotationSchema = z.strictObject({
  overlap_s: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .default(86_400)
    .describe('So long the former token opens, too: time to replace it wherever it is used'),
});

export const tokenParamsSchema = z.strictObject({ id: z.uuid().toLowerCase() });

/** A token that was just made or rotated, told this once. */
export const freshTokenSchema = z.strictObject({
  secret: z.string().describe('Send it as `Authorization: Bearer …`; it is not shown again'),
  token: tokenSchema,
});

export type FreshToken = Readonly<z.infer<typeof freshTokenSchema>>;
