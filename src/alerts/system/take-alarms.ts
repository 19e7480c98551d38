import type { Alarm } from '../../contract/alarm.ts';
import type { Alert } from '../../contract/alert.ts';
import { type Rule, ruleSchema } from '../../contract/rule.ts';
import type { Sql } from '../../db/sql.ts';
import { isScheduled } from '../../rules/schedule.ts';
import { Zones } from '../../rules/zones.ts';
import { readMutes } from '../../store/alerts/hold-back.ts';
import { readRules } from '../../store/alerts/rules-in-force.ts';
import { findKnownAlerts, readLasting, writeInTurn } from '../../store/alerts/write-alerts.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import { alertIdOf } from '../alert-id.ts';
import type { Candidate } from '../hold-back.ts';
import { nameRule } from '../make-alert.ts';
import { countAlerts, createAlertsCounter } from '../metrics.ts';
import { writePlan } from '../raise-alerts.ts';
import { TURN } from './watch-system.ts';

/**
 * Makes an alert of each alarm that fires and that a rule is about, and withdraws those that are over. The same report again
 * changes nothing. The outbox is emptied by whoever sends alerts.
 */
export function createTakeAlarms({ sql, telemetry }: Readonly<{ sql: Sql; telemetry: Telemetry }>) {
  const counter = createAlertsCounter(telemetry);
  const zones = new Zones();
  return async (alarms: readonly Alarm[], now = Date.now()): Promise<void> => {
    const rules = await readAlarmRules(sql);
    const raised = await writeInTurn(sql, { cameras: [], rules: [TURN] }, async (session) => {
      const candidates = rules.flatMap((rule) => alarms.flatMap((alarm) => makeCandidate(rule, alarm, now)));
      const [lasting, mutes, known] = await Promise.all([
        readLasting(session),
        readMutes(session),
        findKnownAlerts(
          session,
          candidates.map(({ alert }) => alert.alert_id),
        ),
      ]);
      const ended = findEnded(alarms, lasting, now);
      return writePlan({ isWithin: (schedule, at) => isScheduled(schedule, at, zones), now, mutes }, session, {
        fresh: candidates.filter(({ alert }) => !known.has(alert.alert_id)),
        told: ended.filter(({ held_back }) => held_back === null),
        untold: ended.filter(({ held_back }) => held_back !== null),
        touched: [],
        gone: [],
      });
    });
    countAlerts(counter, raised.alerts);
  };
}

async function readAlarmRules(sql: Sql): Promise<readonly Rule[]> {
  return (await readRules(sql)).flatMap(({ rule }) => {
    const { data } = ruleSchema.safeParse(rule);
    return data?.enabled && data.system?.alarm ? [data] : [];
  });
}

function makeCandidate(rule: Rule, alarm: Alarm, now: number): readonly Candidate[] {
  const { severity, name } = rule.system?.alarm ?? {};
  if (alarm.isOver || severity?.includes(alarm.severity) === false || name?.includes(alarm.name) === false) return [];
  const { fingerprint, subject, since, summary } = alarm;
  const alert: Alert = {
    schema_version: 1,
    alert_id: alertIdOf(rule.id, 'alarm', fingerprint, since),
    revision: 1,
    status: 'raised',
    rule: nameRule(rule),
    at: new Date(now).toISOString(),
    why: `${alarm.name}: ${summary}`,
    held_back: null,
    passage: null,
    matched: null,
    system: { what: 'alarm', subject, since, value: null },
  };
  return [{ rule, alert }];
}

/** Alerts of alarms that are over, or fire anew, so that their end was missed. */
function findEnded(alarms: readonly Alarm[], lasting: readonly Alert[], now: number): readonly Alert[] {
  const newest = new Map<string, Alarm>();
  for (const alarm of alarms) {
    const known = newest.get(alarm.subject);
    if (!known || known.since <= alarm.since) newest.set(alarm.subject, alarm);
  }
  return lasting.flatMap((alert) => {
    const alarm = alert.system?.what === 'alarm' ? newest.get(alert.system.subject) : undefined;
    if (!alarm || !alert.system || alarm.since < alert.system.since) return [];
    if (!alarm.isOver && alarm.since === alert.system.since) return [];
    const [at, why] = [new Date(now).toISOString(), `${alarm.name} is over`];
    return [{ ...alert, revision: alert.revision + 1, status: 'withdrawn' as const, at, why }];
  });
}
