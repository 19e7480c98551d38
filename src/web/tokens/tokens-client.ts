import type { Permission, Scope } from '../../contract/access.ts';
import type { FreshToken, Token } from '../../contract/api/tokens.ts';
import { request } from '../data/request.ts';

type NewToken = Readonly<{
  name: string;
  permissions: readonly Permission[];
  scope: NonNullable<Scope> | null;
  expires_at: string | null;
}>;

export function fetchTokens(signal: AbortSignal): Promise<Readonly<{ tokens: readonly Token[] }>> {
  return request('/tokens', { signal });
}

/** The answer has the token itself, this once. */
export function createToken(given: NewToken): Promise<FreshToken> {
  return request('/tokens', { method: 'POST', body: given });
}

/** Replaces a token; what it was before works for `overlap_s` seconds more. */
export function rotateToken(id: string, overlap_s: number): Promise<FreshToken> {
  return request(`/tokens/${id}/rotate`, { method: 'POST', body: { overlap_s } });
}

export function revokeToken(id: string): Promise<object> {
  return request(`/tokens/${id}`, { method: 'DELETE' });
}
