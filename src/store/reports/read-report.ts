import type { Scope } from '../../contract/access.ts';
import type { ReportAnswer } from '../../contract/api/reports.ts';
import type { ReportName } from '../../contract/report.ts';
import type { Sql } from '../../db/sql.ts';
import { scopeCondition } from '../scope.ts';
import { alertsByRule, deliveries } from './alerts.ts';
import { lostByReason, readRate } from './passages.ts';
import { newAndReturning, topPlates, visits } from './plates.ts';
import type { Given, Question } from './question.ts';
import { classes, corrections, pictures, readsByDay, readsByHour } from './reads.ts';
import { storage } from './storage.ts';

/** The statement of every question. */
export const QUESTIONS: Readonly<Record<ReportName, Question>> = {
  'reads-by-hour': readsByHour,
  'reads-by-day': readsByDay,
  'read-rate': readRate,
  'lost-by-reason': lostByReason,
  'top-plates': topPlates,
  visits,
  'new-and-returning': newAndReturning,
  alerts: alertsByRule,
  deliveries,
  corrections,
  classes,
  pictures,
  storage,
};

/** Settings of the session: compiling these statements or running them in parallel takes longer than it saves; a year is sorted in memory. */
export const REPORT_SETTINGS = { jit: 'off', max_parallel_workers_per_gather: '0', work_mem: '96MB' } as const;

/** Which days and where; the zone is one that PostgreSQL knows. */
export type ReportWanted = Readonly<{
  from: string;
  to: string;
  timeZone: string;
  camera?: string | undefined;
  site?: string | undefined;
  scope: Scope;
}>;

/** The answer to a question. It is given as JSON by the server, so that days stay days and counts are numbers. */
export async function readReport(sql: Sql, name: ReportName, wanted: ReportWanted): Promise<ReportAnswer['rows']> {
  const values: unknown[] = [];
  const statement = QUESTIONS[name](bindGiven(wanted, values));
  return sql.transaction(async (session) => {
    for (const [name, value] of Object.entries(REPORT_SETTINGS)) {
      session.query(`SET LOCAL ${name} = '${value}'`).catch(() => undefined);
    }
    const rows = await session.query<{ row: ReportAnswer['rows'][number] }>(
      `SELECT to_json(asked) AS row FROM (${statement}) AS asked`,
      values,
    );
    return rows.map(({ row }) => row);
  });
}

/** Binds each value when a statement first asks for it: PostgreSQL refuses those that it has no use for. */
function bindGiven({ from, to, timeZone, camera, site, scope }: ReportWanted, values: unknown[]): Given {
  const bind = (value: unknown) => `$${values.push(value)}`;
  const once = (value: string, type: string) => {
    let place: string | undefined;
    return () => {
      place ??= `${bind(value)}::${type}`;
      return place;
    };
  };
  const [first, last, zone] = [once(from, 'date'), once(to, 'date'), once(timeZone, 'text')];
  let place: string | undefined;
  return {
    get from() {
      return first();
    },
    get to() {
      return last();
    },
    get zone() {
      return zone();
    },
    get place() {
      place ??= [
        scopeCondition(scope, bind),
        ...(camera === undefined ? [] : [`camera_id = ${bind(camera)}`]),
        ...(site === undefined ? [] : [`site_id = ${bind(site)}`]),
      ].join(' AND ');
      return place;
    },
  };
}
