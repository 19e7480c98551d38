import type { Config } from '../../app/config.ts';
import { openCommandAudit } from '../../app/open-command-audit.ts';
import { AlprError } from '../../base/errors.ts';
import { newTokenSchema, rotationSchema, type Token, tokenParamsSchema } from '../../contract/api/tokens.ts';
import type { Sql } from '../../db/sql.ts';
import {
  createApiToken,
  findTokenById,
  listApiTokens,
  revokeApiToken,
  rotateApiToken,
} from '../../store/api-tokens.ts';
import { formatColumns } from '../format-columns.ts';

export type NewTokenFlags = Readonly<{
  name: string;
  permissions: readonly string[];
  expires: Date | 'never';
  cameras?: readonly string[];
  sites?: readonly string[];
}>;

/** Makes a token in the configured database and prints it. */
export async function createToken(config: Config, flags: NewTokenFlags): Promise<void> {
  const { name, permissions, expires, cameras, sites } = flags;
  const isEverywhere = cameras === undefined && sites === undefined;
  const asked = newTokenSchema.safeParse({
    name,
    permissions,
    scope: isEverywhere ? null : { cameras: cameras ?? [], sites: sites ?? [] },
    expires_at: expires === 'never' ? null : expires.toISOString(),
  });
  if (!asked.success) {
    const [fault] = asked.error.issues;
    throw new AlprError('INPUT_INVALID', `At --${fault?.path.join('.')}: ${fault?.message}`);
  }
  await using database = await openCommandAudit(config);
  const query = { name, permissions, scope: asked.data.scope, expires_at: asked.data.expires_at };
  await database.record({ action: 'change', operation: 'tokens create', query });
  const { secret } = await createApiToken(database.sql, {
    name: asked.data.name,
    permissions: asked.data.permissions,
    scope: asked.data.scope ?? undefined,
    expiresAt: expires === 'never' ? undefined : expires,
  });
  print(secret);
}

/** Prints all tokens, never what opens. */
export async function listTokens(config: Config, flags: Readonly<{ json?: boolean }>): Promise<void> {
  await using database = await openCommandAudit(config);
  const tokens = await listApiTokens(database.sql);
  await database.record({ action: 'view', operation: 'tokens list', results: tokens.length });
  if (flags.json) for (const token of tokens) print(JSON.stringify(token));
  else if (tokens.length === 0) print('No tokens.');
  else print(formatColumns([['id', 'name', 'state', 'last used', 'lets through', 'of'], ...tokens.map(formatRow)]));
}

/** Replaces a token and prints what it is now. */
export async function rotateToken(config: Config, id: string): Promise<void> {
  await using database = await openCommandAudit(config);
  const token = await requireToken(database.sql, id);
  const { overlap_s: overlapS } = rotationSchema.parse({});
  await database.record({ action: 'change', operation: 'tokens rotate', query: { token: token.id, name: token.name } });
  const fresh = await rotateApiToken(database.sql, { id: token.id, overlapS });
  if (!fresh) throw new AlprError('CONFLICT', `Expected a token in use, ${token.name} is over; make another one`);
  print(fresh.secret);
}

/** Ends a token. */
export async function revokeToken(config: Config, id: string): Promise<void> {
  await using database = await openCommandAudit(config);
  const token = await requireToken(database.sql, id);
  await database.record({ action: 'change', operation: 'tokens revoke', query: { token: token.id, name: token.name } });
  await revokeApiToken(database.sql, token.id);
  print(`${token.name} is revoked; a running system lets it through for a few seconds at most.`);
}

async function requireToken(sql: Sql, id: string): Promise<Token> {
  const params = tokenParamsSchema.safeParse({ id });
  const token = params.success ? await findTokenById(sql, params.data.id) : undefined;
  if (!token) throw new AlprError('NOT_FOUND', `There is no token ${id}; alpr tokens list shows those there are`);
  return token;
}

function formatRow({ id, name, revoked_at, expires_at, last_used_at, permissions, scope }: Token): readonly string[] {
  const isOver = expires_at !== null && Date.parse(expires_at) < Date.now();
  const ends = expires_at === null ? 'never ends' : `${isOver ? 'ended' : 'until'} ${expires_at.slice(0, 10)}`;
  const places = scope === null ? 'everywhere' : [...scope.cameras, ...scope.sites].join(', ') || 'nowhere';
  return [id, name, revoked_at === null ? ends : 'revoked', last_used_at ?? 'never', permissions.join(', '), places];
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
