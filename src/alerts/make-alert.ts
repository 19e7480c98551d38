import type { Alert } from '../contract/alert.ts';
import { describePassage } from '../contract/alert-passage.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Rule } from '../contract/rule.ts';
import { alertIdOf } from './alert-id.ts';

/** A rule that matches an event wholly, how, and in a sentence why. */
export type RuleMatch = Readonly<{
  rule: Rule;
  matched: NonNullable<Alert['matched']>;
  why: string;
  /** False for an early read that is not certain enough: it makes no alert, and changes none. */
  raises: boolean;
}>;

/** An event with every rule in force that matches it. */
export type DecidedEvent = Readonly<{ event: PlateEvent; matches: readonly RuleMatch[] }>;

/** The first revision of the alert of a rule and an event. */
export function makeAlert(event: PlateEvent, { rule, matched, why }: RuleMatch, at: string): Alert {
  return {
    schema_version: 1,
    alert_id: alertIdOf(rule.id, event.event_id),
    revision: 1,
    status: 'raised',
    rule: nameRule(rule),
    at,
    why,
    held_back: null,
    passage: describePassage(event),
    matched,
    system: null,
  };
}

export function nameRule({ id, name, severity, verify }: Rule): Alert['rule'] {
  return { id, name, severity, verify };
}

/** What became of an alert, and whether those who know it must be told. */
export type Revised = Readonly<{ alert: Alert; isNews: boolean }>;

type Newer = Readonly<{
  event: PlateEvent;
  /** Undefined where its rule does not match any more. */
  match: RuleMatch | undefined;
  /** Whether the rule is in force; of another one nobody knows whether it would match. */
  inForce: boolean;
  /** Whether it is the revision that the alert has seen, and its past has changed. */
  isAgain: boolean;
  at: string;
}>;

/** The alert after a newer revision of its event; undefined for one that it has seen. */
export function reviseAlert(alert: Alert, { event, match, inForce, isAgain, at }: Newer): Revised | undefined {
  const before = alert.passage;
  if (!before || match?.raises === false) return undefined;
  if (isAgain ? event.revision < before.revision : event.revision <= before.revision) return undefined;
  const passage = describePassage(event);
  const next = { ...alert, revision: alert.revision + 1, at, passage };
  const isOther = passage.plate !== before.plate;
  if (match) {
    const matching = { ...next, matched: match.matched, why: match.why };
    if (alert.status === 'withdrawn' || isOther || nameMatch(match.matched) !== nameMatch(alert.matched)) {
      return { alert: { ...matching, status: 'corrected' }, isNews: true };
    }
    return { alert: { ...matching, revision: alert.revision, at: alert.at }, isNews: false };
  }
  // An early read that is less certain than the one before takes nothing back.
  const stands = inForce ? event.status === 'provisional' && !isOther : event.status !== 'retracted' && !isOther;
  if (alert.status === 'withdrawn' || stands) {
    return { alert: { ...next, revision: alert.revision, at: alert.at }, isNews: false };
  }
  return { alert: { ...next, status: 'withdrawn', why: explainEnd(event, before.plate) }, isNews: true };
}

function explainEnd({ status, plate }: PlateEvent, before: string): string {
  if (status === 'retracted') return `The read of ${before} was retracted`;
  const { text_normalized: text } = plate;
  return text === before ? `${text} does not match any more` : `It was ${text || 'no plate'}, not ${before}`;
}

/** What of a match people see. */
function nameMatch(matched: Alert['matched']): string {
  return JSON.stringify([matched?.by, matched?.wanted, matched?.entry?.list, matched?.entry?.text]);
}
