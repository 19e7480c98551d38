import type { Alert } from '../../contract/alert.ts';
import type { Rule } from '../../contract/rule.ts';
import { alertIdOf } from '../alert-id.ts';
import { nameRule } from '../make-alert.ts';
import type { Plan } from '../raise-alerts.ts';
import type { Finding } from './examine-system.ts';

type Judged = Readonly<{
  /** Rules about the system that are in force, by their ids. */
  rules: ReadonlyMap<string, Rule>;
  findings: readonly Finding[];
  /** Alerts of states that have not ended. */
  lasting: readonly Alert[];
  now: number;
}>;

/** What is to be written: one alert for each state that began, and an end of each that is over. What goes on stays as it is. */
export function judgeStates({ rules, findings, lasting, now }: Judged): Plan {
  const at = new Date(now).toISOString();
  const keyOf = (rule: string, what: string, subject: string) => JSON.stringify([rule, what, subject]);
  const found = new Map(findings.map((one) => [keyOf(one.rule.id, one.what, one.subject), one]));
  const known = new Set<string>();
  const ended: Alert[] = [];
  for (const alert of lasting) {
    if (!alert.system) continue;
    const { what, subject } = alert.system;
    const key = keyOf(alert.rule.id, what, subject);
    known.add(key);
    const why = explainEnd(rules.get(alert.rule.id), found.get(key), what, subject);
    if (why !== undefined) ended.push({ ...alert, revision: alert.revision + 1, status: 'withdrawn', at, why });
  }
  const fresh = findings.flatMap((finding) => {
    const { rule, what, subject, since } = finding;
    const isNew = since !== undefined && !known.has(keyOf(rule.id, what, subject));
    return isNew ? [{ rule, alert: makeSystemAlert(finding, since, at) }] : [];
  });
  const isHeld = ({ held_back }: Alert) => held_back !== null;
  return { fresh, told: ended.filter((one) => !isHeld(one)), untold: ended.filter(isHeld), touched: [], gone: [] };
}

/** Why a state is over; undefined while it goes on, or nobody knows. */
function explainEnd(
  rule: Rule | undefined,
  finding: Finding | undefined,
  what: Finding['what'],
  subject: string,
): string | undefined {
  if (rule?.system?.[what] === undefined) return 'The rule is not in force any more';
  if (finding) return finding.since === undefined ? finding.why : undefined;
  return what === 'nothing_delivered_for' ? `The channel ${subject} takes messages again, or none waits` : undefined;
}

function makeSystemAlert({ rule, what, subject, value, why }: Finding, since: number, at: string): Alert {
  const began = new Date(since).toISOString();
  return {
    schema_version: 1,
    alert_id: alertIdOf(rule.id, what, subject, began),
    revision: 1,
    status: 'raised',
    rule: nameRule(rule),
    at,
    why,
    held_back: null,
    passage: null,
    matched: null,
    system: { what, subject, since: began, value },
  };
}
