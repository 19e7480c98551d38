import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { type Counted, spendBudget } from '../../store/audit/budgets.ts';
import type { ApiContext, Server } from '../context.ts';

const NAMES: Readonly<Record<Counted, string>> = { searches: 'searches', exported_rows: 'exported rows' };

type Spender = Pick<ApiContext, 'sql' | 'audit'>;

/** Counts each search against the budget of whoever asks. Call it after guarding the routes. */
export function spendSearches(server: Server, context: Spender): void {
  server.addHook('preHandler', async (request) => {
    if (request.routeOptions.config.audit === 'search') await spend(request, context, 'searches', 1);
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
  const who = `${principal.kind} ${principal.id}`;
  const spent = await spendBudget(sql, { who, counted, amount, limit, timeZone: config.time_zone });
  if (spent.isWithin) return;
  throw new AlprError(
    'TOO_MANY_REQUESTS',
    `Expected at most ${limit} ${NAMES[counted]} a day (audit.budgets), and they are used up; more from ${spent.opensAt.toISOString()}`,
  );
}
