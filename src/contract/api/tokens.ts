import { z } from 'zod';
import { permissionSchema, scopeSchema } from '../access.ts';
import { valueField } from './fields.ts';

const moment = z.iso.datetime({ precision: 3 });

/** A token as it is listed: never the token itself. */
export const tokenSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  permissions: z.array(permissionSchema).readonly(),
  scope: scopeSchema.nullable().describe('Cameras and sites it may see; null means everywhere'),
  created_at: moment,
  created_by: z.string().nullable().describe('Who created it; null if it was created on the command line'),
  expires_at: moment.nullable(),
  last_used_at: moment.nullable().describe('To the minute'),
  revoked_at: moment.nullable(),
  former_until: moment.nullable().describe('Until when the token from before the last rotation still works'),
});

export type Token = Readonly<z.infer<typeof tokenSchema>>;

/** All tokens, newest first. */
export const tokenListSchema = z.strictObject({ tokens: z.array(tokenSchema).readonly() });

const nameField = valueField.describe('What it is for');

/** What a new token lets through. */
export const newTokenSchema = z.strictObject({
  name: nameField,
  permissions: z.array(permissionSchema).min(1).max(32).readonly(),
  scope: scopeSchema.nullable().default(null).describe('Cameras and sites it may see; null means everywhere'),
  expires_at: z.iso
    .datetime({ offset: true })
    .regex(/^20\d\d/, 'expected a year from 2000 to 2099')
    .nullable()
    .describe('Null means never'),
});

/** How long what the token was before opens beside what it is now. */
export const rotationSchema = z.strictObject({
  overlap_s: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .default(86_400)
    .describe('How long the old token keeps working, so that you can replace it wherever it is used'),
});

export const tokenParamsSchema = z.strictObject({ id: z.uuid().toLowerCase() });

/** A token that was just made or rotated, told this once. */
export const freshTokenSchema = z.strictObject({
  secret: z.string().describe('Send it as `Authorization: Bearer …`; it is not shown again'),
  token: tokenSchema,
});

export type FreshToken = Readonly<z.infer<typeof freshTokenSchema>>;
