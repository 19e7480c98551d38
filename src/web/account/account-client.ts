import type { Language, SessionList } from '../../contract/api/auth.ts';
import { request } from '../data/request.ts';

/** What an authenticator takes in. */
export type Secret = Readonly<{ secret: string; url: string }>;

/** `GET /auth/sessions`. */
export function fetchSessions(signal: AbortSignal): Promise<SessionList> {
  return request('/auth/sessions', { signal });
}

/** Signs one browser or program out. */
export function endSession(id: string): Promise<object> {
  return request(`/auth/sessions/${id}`, { method: 'DELETE' });
}

export function changePassword(given: Readonly<{ old: string; new: string }>): Promise<object> {
  return request('/auth/password', { method: 'POST', body: given });
}

/** Null goes back to what the browser says. */
export function changePreferences(
  given: Readonly<{ language?: Language | null; time_zone?: string | null }>,
): Promise<object> {
  return request('/auth/me', { method: 'PATCH', body: given });
}

/** Begins a second factor; it counts once a code has confirmed it. */
export function beginTotp(password: string): Promise<Secret> {
  return request('/auth/totp', { method: 'POST', body: { password } });
}

/** Returns the recovery codes, which are shown this once. */
export async function confirmTotp(code: string): Promise<readonly string[]> {
  const body = { code: code.replaceAll(/\s/g, '') };
  const { recovery_codes } = await request<Readonly<{ recovery_codes: readonly string[] }>>('/auth/totp/confirm', {
    method: 'POST',
    body,
  });
  return recovery_codes;
}

export function removeTotp(password: string): Promise<object> {
  return request('/auth/totp', { method: 'DELETE', body: { password } });
}
