import type { Alert } from '../contract/alert.ts';
import { isPlausible } from '../contract/plausible-time.ts';
import type { Rule, Schedule } from '../contract/rule.ts';
import type { Sql, SqlSession } from '../db/sql.ts';
import { type Muting, readMutes, readSilencedBy } from '../store/alerts/hold-back.ts';
import {
  findOutdated,
  lockRules,
  queueDeliveries,
  readAlertsOf,
  writeAlerts,
  writeInTurn,
} from '../store/alerts/write-alerts.ts';
import { type Candidate, holdBack, silenceOf } from './hold-back.ts';
import { type DecidedEvent, makeAlert, reviseAlert } from './make-alert.ts';

export type RaiseOptions = Readonly<{
  sql: Sql;
  /** Rules in force, by their ids. */
  rules: ReadonlyMap<string, Rule>;
  isWithin: (schedule: Schedule, at: number) => boolean;
  /** Events that did not come, but whose past was changed by those that did. */
  again?: ReadonlySet<string>;
  /** Passages that began earlier make no new alert; milliseconds since the epoch. */
  notBefore: number;
  now: number;
}>;

/** The revisions of alerts that were made, and for which channel each message is that they put into the outbox. */
export type Raised = Readonly<{ alerts: readonly Alert[]; channels: readonly string[] }>;

const NONE: Raised = { alerts: [], channels: [] };

/**
 * Makes, corrects and withdraws the alerts of events, each event being the newest revision of its passage that is known, and puts
 * what is to be sent into the outbox: all of it, or nothing. Doing it again changes nothing.
 */
export async function raiseAlerts(options: RaiseOptions, decided: readonly DecidedEvent[]): Promise<Raised> {
  if (decided.length === 0) return NONE;
  const cameras = decided.map(({ event }) => event.camera_id);
  const cooling = decided.flatMap(({ matches }) => matches.flatMap(({ rule }) => (rule.cooldown ? [rule.id] : [])));
  const turn = { cameras: [...new Set(cameras)], rules: [...new Set(cooling)] };
  return writeInTurn(options.sql, turn, async (session) => {
    const events = decided.map(({ event }) => event);
    const ids = events.map(({ event_id }) => event_id);
    const [known, outdated, mutes] = await Promise.all([
      readAlertsOf(session, ids),
      findOutdated(session, events),
      readMutes(session),
    ]);
    const current = decided.filter(({ event }) => !outdated.has(event.event_id.toLowerCase()));
    return writePlan({ ...options, mutes }, session, plan(options, current, known));
  });
}

/** What is to be written of alerts. */
export type Plan = Readonly<{
  /** Sent through the channels of their rule, unless something holds them back. */
  fresh: readonly Candidate[];
  /** Sent to where they went before. */
  told: readonly Alert[];
  /** News, but nobody was told of what it replaces. */
  untold: readonly Alert[];
  /** The same alerts with what is known of their passages now. */
  touched: readonly Alert[];
  /** As they were before they were withdrawn or became those of another plate: they may have silenced others. */
  gone: readonly Candidate[];
}>;

function plan(
  { rules, again, notBefore, now }: RaiseOptions,
  decided: readonly DecidedEvent[],
  known: readonly Alert[],
): Plan {
  const at = new Date(now).toISOString();
  const [fresh, gone]: [Candidate[], Candidate[]] = [[], []];
  const [told, untold, touched]: [Alert[], Alert[], Alert[]] = [[], [], []];
  const alertsOf = Map.groupBy(known, ({ passage }) => passage?.event_id ?? '');
  for (const { event, matches } of decided) {
    const isAgain = again?.has(event.event_id) ?? false;
    const alerts = alertsOf.get(event.event_id.toLowerCase()) ?? [];
    const live = event.status === 'retracted' ? [] : matches;
    for (const alert of alerts) {
      const rule = rules.get(alert.rule.id);
      const match = live.find((one) => one.rule.id === alert.rule.id);
      const revised = reviseAlert(alert, { event, match, inForce: rule !== undefined, isAgain, at });
      if (!revised) continue;
      const { alert: next, isNews } = revised;
      const isOver = next.status === 'withdrawn';
      if (!isNews) touched.push(next);
      else if (alert.held_back === null) told.push(next);
      else if (isOver || !rule) untold.push(next);
      else fresh.push({ alert: next, rule });
      const isMoved = isNews && (isOver || next.passage?.plate !== alert.passage?.plate);
      if (isMoved && rule && alert.held_back === null) gone.push({ alert, rule });
    }
    // A clock far ahead is as wrong as one far behind.
    if (Date.parse(event.detected_at) < notBefore || !isPlausible(event.detected_at, now)) continue;
    for (const match of live) {
      if (!match.raises || alerts.some(({ rule }) => rule.id === match.rule.id)) continue;
      fresh.push({ alert: makeAlert(event, match, at), rule: match.rule });
    }
  }
  return { fresh, told, untold, touched, gone };
}

/** Writes all of a plan, and puts into the outbox what is to be sent. */
export async function writePlan(
  { isWithin, now, mutes }: Pick<RaiseOptions, 'isWithin' | 'now'> & Readonly<{ mutes: readonly Muting[] }>,
  session: SqlSession,
  planned: Plan,
): Promise<Raised> {
  const { told, untold, touched, gone } = planned;
  // First what changes: for those that are held back it counts as it is now.
  await writeAlerts(session, [...told, ...untold, ...touched]);
  const released = await readReleased(session, gone, new Set([...told, ...untold].map(({ alert_id }) => alert_id)));
  const candidates = [...planned.fresh, ...released];
  const changing = candidates.map(({ alert }) => alert.alert_id);
  const held = await holdBack(session, candidates, { isWithin, changing, mutes });
  const fresh = held.slice(0, planned.fresh.length);
  const at = new Date(now).toISOString();
  const free = held.slice(fresh.length).flatMap(({ alert, rule }) => {
    return alert.held_back === null ? [{ alert: { ...alert, revision: alert.revision + 1, at }, rule }] : [];
  });
  const written = [...fresh, ...free];
  const alerts = written.map(({ alert }) => alert);
  const sendings = [
    ...told.map((alert) => ({ alert, channels: null })),
    ...written.flatMap(({ alert, rule }) => (alert.held_back === null ? [{ alert, channels: rule.channels }] : [])),
  ];
  const [channels] = await Promise.all([queueDeliveries(session, sendings), writeAlerts(session, alerts)]);
  return { alerts: [...told, ...untold, ...alerts], channels };
}

/** Alerts that were held back because of one that does not stand for them any more. */
async function readReleased(
  session: SqlSession,
  gone: readonly Candidate[],
  changing: ReadonlySet<string>,
): Promise<readonly Candidate[]> {
  if (gone.length === 0) return [];
  await lockRules(
    session,
    gone.map(({ rule }) => rule.id),
  );
  const released = new Map<string, Candidate>();
  for (const { alert, rule } of gone) {
    const silence = silenceOf(alert, rule);
    for (const held of silence ? await readSilencedBy(session, silence) : []) {
      if (!changing.has(held.alert_id)) released.set(held.alert_id, { alert: held, rule });
    }
  }
  return [...released.values()];
}
