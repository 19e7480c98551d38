import type { Me, Ways } from '../../contract/api/auth.ts';
import { Cell } from './cell.ts';
import { request } from './request.ts';

/** A person who has signed in, or the token that a browser sends. */
export type Who = NonNullable<Me['who']>;

/** Whether somebody has signed in; `asking` until the first answer. */
export type SessionState =
  | Readonly<{ state: 'asking' }>
  | Readonly<{ state: 'failed'; error: unknown }>
  | Readonly<{ state: 'out'; ways: Ways }>
  | Readonly<{ state: 'in'; who: Who }>;

/** What somebody types to sign in. */
export type Credentials = Readonly<{ name: string; password: string; code?: string }>;

/** Knows who looks at the page. */
export class Session {
  readonly state = new Cell<SessionState>({ state: 'asking' });

  /** Asks again who looks at the page, as after signing in or a change of the account. */
  async refresh(): Promise<void> {
    try {
      const { who } = await request<Me>('/auth/me');
      this.state.set(who === null ? { state: 'out', ways: await fetchWays() } : { state: 'in', who });
    } catch (error) {
      this.state.set({ state: 'failed', error });
    }
  }

  /** Throws SIGN_IN_FAILED, or SECOND_FACTOR_REQUIRED when only the code is missing. */
  async signIn(credentials: Credentials): Promise<void> {
    await request('/auth/login', { method: 'POST', body: credentials });
    await this.refresh();
  }

  /** Nothing that the person has seen stays in the page. */
  async signOut(): Promise<void> {
    await request('/auth/logout', { method: 'POST' });
    location.reload();
  }
}

/** Takes the one-time link up and signs in; `name` is for the first account alone. */
export function setUpAccount(given: Readonly<{ token: string; name?: string; password: string }>): Promise<object> {
  return request('/auth/setup', { method: 'POST', body: given });
}

/** Throws SIGN_IN_FAILED when the one-time link was used or is over. */
export function checkLink(token: string, signal: AbortSignal): Promise<object> {
  return request('/auth/setup/check', { method: 'POST', body: { token }, signal });
}

/** How one gets in here. */
export function fetchWays(): Promise<Ways> {
  return request('/auth/ways');
}
