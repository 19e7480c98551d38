import type { Permission, Role, Scope } from '../contract/access.ts';

/** Who asks: a person who signed in, or a program with a token. */
export type Principal = Readonly<{
  kind: 'person' | 'token';
  /** Id of the account or the token. */
  id: string;
  /** As it stands in the audit. */
  name: string;
  permissions: ReadonlySet<Permission>;
  scope: Scope;
  /** Of a person: whose budget of searches and exports counts. */
  role?: Role;
  /** Id of the session, where a person signed in. */
  session?: string;
}>;
