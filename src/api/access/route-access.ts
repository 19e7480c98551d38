import type { Permission } from '../../contract/access.ts';
import type { AuditAction } from '../../contract/audit.ts';
import type { Principal } from '../../identity/principal.ts';

/** Who may call a route: those with a permission, whoever signed in, or everybody. */
export type RouteAccess = Permission | 'signed-in' | 'public';

/** What a handler tells the audit about its answer. */
export type AuditNote = { plates?: readonly string[]; results?: number; query?: Readonly<Record<string, unknown>> };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route says it; one that does not keeps the server from starting. */
    access?: RouteAccess;
    /** Undefined where nothing personal is seen or changed. */
    audit?: AuditAction;
    /** Addresses and networks whose programs need no token here; they may read pictures, and nothing else. */
    clients?: readonly string[];
    /** Whether a change shows events all the same, so that it needs a purpose as reading them does. */
    showsEvents?: boolean;
    /** Whether screens ask for it again and again, so that one entry of the audit covers a second of it. */
    isPolled?: boolean;
  }
  interface FastifyRequest {
    /** Undefined on public routes where nobody signed in. */
    principal: Principal | undefined;
    auditNote: AuditNote;
  }
}
