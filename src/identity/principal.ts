import type { Permission, Role, Scope } from '../contract/access.ts';

/** Who asks: a person who signed in, a program with a token, or a program that is known by the address it asks from. */
export type Principal = Readonly<{
  kind: 'person' | 'token' | 'address';
  /** Id of the account or the token, or the address. */
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
