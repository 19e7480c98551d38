import type { FastifyRequest } from 'fastify';
import { checkPurpose, isAllowed, type Said } from '../../audit/purposes.ts';
import type { AuditAction } from '../../contract/audit.ts';
import type { Principal } from '../../identity/principal.ts';
import { findSessionPurpose, type SaidPurpose } from '../../store/audit/session-purposes.ts';
import type { ApiContext, Server } from '../context.ts';

/** How long a page that polls a list reuses the purpose of its session; another process may have recorded a newer one since. */
const KEPT_MS = 1000;
/** What shows plates. */
const PURPOSED: ReadonlySet<AuditAction | undefined> = new Set(['search', 'view', 'picture', 'live', 'export']);

declare module 'fastify' {
  interface FastifyRequest {
    /** What the caller says it is for: by headers, or earlier in this session. */
    said: Said;
  }
}

/**
 * Takes the purpose and case number of each request that is audited, and refuses what shows plates where the configuration asks for
 * them. Call it after guarding the routes.
 */
export function requirePurpose(server: Server, { sql, audit }: Pick<ApiContext, 'sql' | 'audit'>): void {
  server.decorateRequest<Said>('said', { getter: saidBy });
  /** By the caller's object, which is a new one after each change, so that the purpose is looked up again. */
  const recent = new WeakMap<Principal, Readonly<{ purpose: SaidPurpose | undefined; until: number }>>();
  const findKept = async (principal: Principal, isPolled = false): Promise<SaidPurpose | undefined> => {
    const kept = isPolled ? recent.get(principal) : undefined;
    if (kept && kept.until > performance.now()) return kept.purpose;
    if (principal.session === undefined) return undefined;
    const purpose = await findSessionPurpose(sql, principal.session);
    // A missing purpose is not remembered: once given, to any process, it counts at once.
    if (isPolled && (purpose || !audit.config.require_purpose))
      recent.set(principal, { purpose, until: performance.now() + KEPT_MS });
    return purpose;
  };
  server.addHook('onRequest', async (request) => {
    const { audit: action, showsEvents, isPolled } = request.routeOptions.config;
    if (action === undefined) return;
    const { principal } = request;
    const byHeader = { purpose: headerOf(request, 'x-purpose'), caseNumber: headerOf(request, 'x-case-number') };
    const kept = byHeader.purpose === undefined && principal ? await findKept(principal, isPolled) : undefined;
    const said = kept
      ? { purpose: kept.purpose, caseNumber: byHeader.caseNumber ?? kept.case_number ?? undefined }
      : byHeader;
    if (showsEvents || PURPOSED.has(action)) checkPurpose(audit.config, said);
    // Nobody is kept from signing in or from saying another purpose by one that is no longer allowed.
    else if (!isAllowed(audit.config, said)) return;
    known.set(request, said);
  });
}

const known = new WeakMap<FastifyRequest, Said>();

function saidBy(this: FastifyRequest): Said {
  return known.get(this) ?? { purpose: undefined, caseNumber: undefined };
}

/** Headers hold Latin letters alone; others are sent percent-encoded. */
function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  try {
    return decodeURIComponent(value).trim();
  } catch {
    return value.trim();
  }
}
