import { z } from 'zod';
import { roleSchema } from '../contract/access.ts';

const passwordSchema = z
  .strictObject({
    min_length: z
      .int()
      .min(8)
      .max(64)
      .meta({ unit: 'characters' })
      .default(12)
      .describe('Fewest characters of a new password. Raising it makes guessing harder, even from a stolen database.'),
    memory_kib: z
      .int()
      .min(7168)
      .max(1_048_576)
      .meta({ unit: 'KiB' })
      .default(19_456)
      .describe(
        'Memory for hashing one password with argon2id. Raising it makes guessing costlier and each sign-in slower; hashes are renewed when people sign in.',
      ),
    passes: z
      .int()
      .min(1)
      .max(20)
      .meta({ unit: 'passes' })
      .default(2)
      .describe('Number of passes argon2id makes over that memory. Raising it makes guessing and signing in slower.'),
    lanes: z
      .int()
      .min(1)
      .max(16)
      .meta({ unit: 'lanes' })
      .default(1)
      .describe('Parts of the memory that argon2id fills side by side.'),
    at_once: z
      .int()
      .min(1)
      .max(16)
      .meta({ unit: 'passwords' })
      .default(2)
      .describe(
        'Maximum number of passwords hashed at the same time; others wait. Raising it lets more people sign in per second and takes cores and memory from everything else.',
      ),
  })
  .prefault({})
  .describe('Passwords. The defaults for argon2id are those that OWASP recommends.');

const sessionSchema = z
  .strictObject({
    idle_minutes: z
      .int()
      .min(5)
      .max(43_200)
      .meta({ unit: 'minutes' })
      .default(720)
      .describe(
        'A session ends after this time without use. Raising it keeps a forgotten browser signed in for longer.',
      ),
    max_hours: z
      .int()
      .min(1)
      .max(8760)
      .meta({ unit: 'hours' })
      .default(720)
      .describe('A session ends after this time even if it is in use, and people sign in again.'),
  })
  .prefault({})
  .describe('How long people and programs stay signed in.');

const oidcSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(40)
      .default('single sign-on')
      .describe('Name of the provider, shown on the sign-in button.'),
    issuer: z
      .url({ protocol: /^https?$/ })
      .describe('Issuer address of the provider, without `.well-known/openid-configuration`.'),
    client_id: z.string().min(1).describe('Id of this program at the provider.'),
    client_secret: z.string().min(1).describe('Secret of this program at the provider.'),
    scopes: z
      .string()
      .min(1)
      .default('openid profile')
      .describe('Scopes to request from the provider, separated by spaces.'),
    name_claim: z
      .string()
      .min(1)
      .default('preferred_username')
      .describe('Claim that names the account at the first sign-in.'),
    role_claim: z.string().min(1).default('roles').describe('Claim that holds the role: a text or a list of texts.'),
    roles: z
      .record(z.string().min(1), roleSchema)
      .describe('Role for each value of that claim. The first match counts; without a match, nobody gets in.'),
  })
  .describe('An OpenID Connect provider that people can also sign in with (authorization code with PKCE).');

/** Who may sign in, and how. */
export const accountsConfigSchema = z
  .strictObject({
    password: passwordSchema,
    session: sessionSchema,
    second_factor: z
      .enum(['optional', 'required'])
      .default('optional')
      .describe(
        'Whether people who sign in with a password must have an authenticator. With `required`, they can do nothing else until they have added one.',
      ),
    oidc: oidcSchema.optional(),
    key_file: z
      .string()
      .min(1)
      .default('sign-in.key')
      .describe(
        'File with the key that encrypts second factors and signing keys in the database, below the data folder; created if missing. All processes on one database need the same file.',
      ),
  })
  .prefault({})
  .describe('People and how they sign in.');

export type AccountsConfig = Readonly<z.infer<typeof accountsConfigSchema>>;
export type PasswordConfig = AccountsConfig['password'];
export type OidcConfig = NonNullable<AccountsConfig['oidc']>;
