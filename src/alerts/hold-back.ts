import type { Alert } from '../contract/alert.ts';
import { type Rule, type Schedule, spanMs } from '../contract/rule.ts';
import type { SqlSession } from '../db/sql.ts';
import { findCooling, type Muting, type Silence } from '../store/alerts/hold-back.ts';

/** An alert and the rule that made it. */
export type Candidate = Readonly<{ alert: Alert; rule: Rule }>;

type Options = Readonly<{
  /** Whether a schedule holds at a moment, milliseconds. */
  isWithin: (schedule: Schedule, at: number) => boolean;
  /** Ids of alerts that are about to change and stand for no other. */
  changing: readonly string[];
  /** What people muted. */
  mutes: readonly Muting[];
}>;

/**
 * The candidates, in their order, with what holds each of them back: people who muted it, quiet hours, or an alert that was sent for the same within the
 * cooldown, before it or after it, by the passages' own times.
 */
export async function holdBack(
  session: Pick<SqlSession, 'query'>,
  candidates: readonly Candidate[],
  { isWithin, changing, mutes }: Options,
): Promise<readonly Candidate[]> {
  if (candidates.length === 0) return [];
  const silences = candidates.map(({ alert, rule }) => silenceOf(alert, rule));
  const asked = silences.filter((one) => one !== undefined);
  const cooling = new Map(asked.map((one) => [one, false]));
  const found = await findCooling(session, asked, changing);
  for (const [at, one] of asked.entries()) cooling.set(one, found[at] ?? false);
  const sent: Silence[] = [];
  const held = new Map<Candidate, Candidate>();
  const inOrder = candidates.map((candidate, at) => ({ candidate, silence: silences[at] })).toSorted(byTime);
  for (const { candidate, silence } of inOrder) {
    const { alert, rule } = candidate;
    const at = momentOf(alert);
    const isCooling = silence && (cooling.get(silence) || sent.some((other) => isNear(silence, other)));
    const why = isMuted(alert, at, mutes)
      ? 'muted'
      : rule.quiet && isWithin(rule.quiet, at)
        ? 'quiet'
        : isCooling
          ? 'cooldown'
          : null;
    if (silence && why === null) sent.push(silence);
    held.set(candidate, { rule, alert: { ...alert, held_back: why } });
  }
  return candidates.flatMap((candidate) => held.get(candidate) ?? []);
}

/** What an alert that is sent silences by the cooldown of its rule. */
export function silenceOf({ passage }: Alert, { id, cooldown }: Rule): Silence | undefined {
  if (!passage || !cooldown) return undefined;
  return {
    rule: id,
    plate: cooldown.per === 'rule' ? null : passage.plate,
    camera: cooldown.per === 'plate_and_camera' ? passage.camera_id : null,
    at: Date.parse(passage.detected_at),
    span: spanMs(cooldown.for),
  };
}

function isNear(one: Silence, other: Silence): boolean {
  const isSame = one.rule === other.rule && one.plate === other.plate && one.camera === other.camera;
  return isSame && Math.abs(one.at - other.at) < one.span;
}

function isMuted({ rule, passage }: Alert, at: number, mutes: readonly Muting[]): boolean {
  return mutes.some(
    (mute) =>
      (mute.rule === null || mute.rule === rule.id) &&
      (mute.plate === null || mute.plate === passage?.plate) &&
      (mute.until === null || at < mute.until),
  );
}

function byTime(one: Readonly<{ candidate: Candidate }>, other: Readonly<{ candidate: Candidate }>): number {
  return momentOf(one.candidate.alert) - momentOf(other.candidate.alert);
}

/** When it happened, milliseconds. */
export function momentOf({ passage, system, at }: Alert): number {
  return Date.parse(passage?.detected_at ?? system?.since ?? at);
}
