import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { type Condition, spanMs } from '../../src/contract/rule.ts';

/** Whether a condition that only asks for the past holds of an event, when `all` are the newest revisions of all events. */
export function heldNaively(when: Condition, event: PlateEvent, all: readonly PlateEvent[], now: number): boolean {
  const time = timeOf(event);
  const others = all.filter(
    (one) =>
      one.event_id !== event.event_id &&
      one.status !== 'retracted' &&
      one.plate.text_normalized === event.plate.text_normalized,
  );
  const earlier = others.filter((one) => isEarlier(one, event));
  const within = (span: string) => earlier.filter((one) => time - timeOf(one) < spanMs(span));
  const { count, after, too_soon_after: soon, visit } = when;
  // Plates that were not read are nobody's.
  const isRead = event.plate.text_normalized !== '';
  const asksOfPlate = [when.not_seen_for, count, after, soon, visit].some((one) => one !== undefined);
  const answers = [
    isRead || !asksOfPlate,
    !when.not_seen_for || within(when.not_seen_for).length === 0,
    !count ||
      1 +
        within(count.within).filter(
          (one) =>
            (count.same !== 'camera' || one.camera_id === event.camera_id) &&
            (count.same !== 'site' || one.site_id === event.site_id),
        ).length >=
        count.at_least,
    !after ||
      earlier.some(
        (one) =>
          time - timeOf(one) <= spanMs(after.within) &&
          (!after.camera || after.camera.includes(one.camera_id)) &&
          (!after.site || after.site.includes(one.site_id)) &&
          (!after.direction || after.direction.some((way) => waysOf(one).includes(way))),
      ),
    !soon || within(soon.sooner_than).some((one) => one.site_id !== event.site_id && soon.site.includes(one.site_id)),
    !visit ||
      (lastOf(event, visit) === visit.in &&
        now >= time + spanMs(visit.longer_than) &&
        others
          .filter((one) => isEarlier(event, one) && one.site_id === event.site_id && lastOf(one, visit) !== undefined)
          .every((one) => timeOf(one) > time + spanMs(visit.longer_than))),
    when.all?.every((one) => heldNaively(one, event, all, now)) ?? true,
    when.any?.some((one) => heldNaively(one, event, all, now)) ?? true,
    when.not === undefined || !heldNaively(when.not, event, all, now),
  ];
  return answers.every(Boolean);
}

function timeOf(event: PlateEvent): number {
  return Date.parse(event.detected_at);
}

function isEarlier(a: PlateEvent, b: PlateEvent): boolean {
  return a.detected_at + a.event_id < b.detected_at + b.event_id;
}

function waysOf(event: PlateEvent): string[] {
  return (event.motion.crossings ?? []).map(({ direction }) => direction);
}

function lastOf(event: PlateEvent, visit: Readonly<{ in: string; out: string }>): string | undefined {
  return waysOf(event).findLast((way) => way === visit.in || way === visit.out);
}
