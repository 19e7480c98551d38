import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import type { Principal } from '../../identity/principal.ts';
import { type Counted, returnBudget, spendBudget } from '../../store/audit/budgets.ts';
import type { ApiContext, Server } from '../context.ts';

const NAMES: Readonly<Record<Counted, string>> = { searches: 'searches', exported_rows: 'exported rows' };

type Spender = Pick<ApiContext, 'sql' | 'audit'>;

/**
 * Counts each search against the budget of whoever asks, beforehand because many may come at once; one that is refused as invalid is
 * given back. Call it after guarding the routes.
 */
export function spendSearches(server: Server, context: Spender): void {
  const taken = new WeakSet<FastifyRequest>();
  server.addHook('preHandler', async (request) => {
    if (request.routeOptions.config.audit !== 'search') return;
    await spend(request, context, 'searches', 1);
    taken.add(request);
  });
  server.addHook('onSend', async (request, reply) => {
    const { sql, audit } = context;
    const { principal } = request;
    if (reply.statusCode !== 400 || !principal || !taken.delete(request)) return;
    const timeZone = audit.config.time_zone;
    await returnBudget(sql, { who: spenderOf(principal), counted: 'searches', amount: 1, timeZone });
  });
}

/** Takes rows from the budget of whoever exports them; call it before they leave. TOO_MANY_REQUESTS when it is used up. */
export function spendRows(request: FastifyRequest, context: Spender, rows: number): Promise<void> {
  return spend(request, context, 'exported_rows', rows);
}

async function spend(
  { principal }: FastifyRequest,
  { sql, audit: { config } }: Spender,
  counted: Counted,
  amount: number,
): Promise<void> {
  if (!principal || amount === 0) return;
  const limit = config.budgets[principal.kind === 'token' ? 'token' : (principal.role ?? 'viewer')][counted];
  if (limit === null) return;
  const spending = { who: spenderOf(principal), counted, amount, limit, timeZone: config.time_zone };
  const spent = await spendBudget(sql, spending);
  if (spent.isWithin) return;
  throw new AlprError(
    'TOO_MANY_REQUESTS',
    `Expected at most ${limit} ${NAMES[counted]} a day (audit.budgets), and they are used up; more from ${spent.opensAt.toISOString()}`,
  );
}

function spenderOf({ kind, id }: Principal): string {
  return `${kind} ${id}`;
}
