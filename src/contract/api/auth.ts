import { z } from 'zod';
import { permissionSchema, roleSchema, scopeSchema } from '../access.ts';

/** Not a pattern of the description: some dialects have no Unicode classes. */
const VISIBLE = /^[^\p{C}\p{Z}](?:[^\p{C}]*[^\p{C}\p{Z}])?$/u;

/** Scripts with letters that look the same. */
const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Greek}/u, /\p{Script=Cyrillic}/u];

/** What the program and its page call somebody, without space at its ends; forms that only look different are one (NFKC). */
export const nameField = z
  .string()
  .normalize('NFKC')
  .min(1)
  .max(64)
  .refine((name) => VISIBLE.test(name), 'expected 1–64 visible characters')
  .refine(
    (name) => name.split(' ').every((word) => SCRIPTS.filter((script) => script.test(word)).length <= 1),
    'expected Latin, Greek or Cyrillic letters in one word, not several of them: others could not tell the name from another',
  );

/** What somebody types; whether a new one is good enough is said by PASSWORD_REFUSED. */
const passwordField = z.string().min(1).max(1024);

/** Six digits of an authenticator, or one of the recovery codes. */
const codeField = z.string().min(6).max(32).describe('Six digits from the authenticator, or a recovery code');

const moment = z.iso.datetime();

/** How one gets in here. */
export const waysSchema = z.strictObject({
  set_up: z
    .boolean()
    .describe(
      'False until the first account exists; until then, only the link that the program prints lets anybody in',
    ),
  oidc: z.string().nullable().describe('Name of the OpenID Connect provider, which signs people in at `/auth/oidc`'),
  password_min: z.int().describe('Minimum length of a new password'),
});

/** Languages of the page. */
export const languageSchema = z.enum(['en', 'de', 'es', 'pt', 'fr']);

const timeZoneField = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9_+/-]+$/, 'expected a name such as Europe/Berlin');

/** Who asks, and what the page must know of them. `GET /auth/purpose` says what they must give a reason for. */
export const meSchema = z.strictObject({
  who: z
    .strictObject({
      kind: z.enum(['person', 'token', 'address']),
      id: z.string(),
      name: z.string(),
      role: roleSchema.nullable().describe('Null for API tokens'),
      permissions: z.array(permissionSchema),
      scope: scopeSchema.nullable().describe('Null means everywhere'),
      language: languageSchema.nullable().describe('Null follows the browser'),
      time_zone: z.string().nullable().describe('Null follows the browser'),
      has_password: z.boolean().describe('False if only a provider signs this person in'),
      second_factor: z.boolean(),
      must_add_second_factor: z.boolean().describe('Nothing else is permitted until a second factor is added'),
    })
    .nullable()
    .describe('Null if nobody has signed in'),
});

/** Null goes back to what the browser says. */
export const preferencesSchema = z.strictObject({
  language: languageSchema.nullable().optional(),
  time_zone: timeZoneField.nullable().optional(),
});

/** What the one-time link leads to: the first account, or a password for one that an administrator made. */
export const setUpSchema = z.strictObject({
  token: z.string().min(1).max(128).describe('What follows `#token=` in the link'),
  name: nameField.optional().describe('Required for the first account; otherwise the link says whose it is'),
  password: passwordField,
});

/** A one-time link that is asked about, and stays unused. */
export const linkCheckSchema = setUpSchema.pick({ token: true });

export const loginSchema = z.strictObject({
  name: nameField,
  password: passwordField,
  code: codeField.optional().describe('Required after SECOND_FACTOR_REQUIRED'),
});

export const passwordChangeSchema = z.strictObject({ old: passwordField, new: passwordField });

/** One place where somebody is signed in. */
export const sessionListSchema = z.strictObject({
  sessions: z
    .array(
      z.strictObject({
        id: z.string(),
        kind: z.enum(['page', 'program']),
        current: z.boolean().describe('Whether this request belongs to it'),
        created_at: moment,
        last_used_at: moment,
        expires_at: moment,
        address: z.string(),
        user_agent: z.string(),
      }),
    )
    .readonly(),
});

export const sessionParamsSchema = z.strictObject({ id: z.uuid() });

/** What an authenticator takes in: the secret in base32, and the same as `otpauth://` for a QR code. */
export const totpSchema = z.strictObject({ secret: z.string(), url: z.string() });

export const confirmPasswordSchema = z.strictObject({ password: passwordField });

export const confirmTotpSchema = z.strictObject({ code: z.string().regex(/^\d{6}$/, 'expected six digits') });

/** Shown this once; each works once instead of the authenticator. */
export const recoveryCodesSchema = z.strictObject({ recovery_codes: z.array(z.string()).readonly() });

/** How a program gets a token for ten minutes, and another one later. */
export const grantSchema = z.discriminatedUnion('grant_type', [
  z.strictObject({ grant_type: z.literal('password'), ...loginSchema.shape }),
  z.strictObject({ grant_type: z.literal('refresh_token'), refresh_token: z.string().min(1).max(256) }),
]);

/** A refresh token works once; whoever uses one again ends all that came of it. */
export const grantedSchema = z.strictObject({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds'),
  refresh_token: z.string(),
});

/** What the provider sends back; it may add keys of its own. */
export const oidcCallbackSchema = z.looseObject({ state: z.string().max(512).optional() });

export type Ways = Readonly<z.infer<typeof waysSchema>>;
export type Me = Readonly<z.infer<typeof meSchema>>;
export type Language = z.infer<typeof languageSchema>;
export type SessionList = Readonly<z.infer<typeof sessionListSchema>>;
export type Granted = Readonly<z.infer<typeof grantedSchema>>;
