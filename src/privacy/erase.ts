import { randomUUID } from 'node:crypto';
import { AlprError } from '../base/errors.ts';
import type { Amount, ErasedPlace, ErasureReport, Subject } from '../contract/api/privacy.ts';
import { beginErasure, keepReport, nameHold } from '../store/privacy/erasures.ts';
import { findHolds, plateOf } from '../store/privacy/holds.ts';
import { countOtherReadings, type EventsWanted, listSubjectIds } from '../store/privacy/subject-events.ts';
import { findTraces } from './find-traces.ts';
import type { LedgerEntry } from './ledger.ts';
import { requireNamelessReason } from './nameless-reason.ts';
import type { PrivacyParts } from './parts.ts';
import type { Place, Traces } from './place.ts';
import { hashSubject, signReport } from './report.ts';

const DAY_MS = 86_400_000;

/** What somebody wants erased, or wants to see before. */
export type Erasure = Readonly<{ subject: Subject; reason: string; by: string; dryRun: boolean; scrub: boolean }>;

/** Says what there is of a subject and erases nothing. CONFLICT when a hold keeps any of it, INPUT_INVALID as `eraseSubject`. */
export async function tryErasure(parts: PrivacyParts, { subject, reason, by }: Erasure): Promise<ErasureReport> {
  const { sql, now } = parts;
  await requireNamelessReason(sql, subject, reason);
  const wanted = await findWanted(parts, subject);
  const events = withSubject(await listSubjectIds(sql, wanted), wanted);
  refuseHeld(await findHolds(sql, { plate: plateOf(subject), ids: events }));
  const traces = await findTraces({ sql, plate: plateOf(subject), ids: events, texts: wanted.texts });
  const amounts = await walk(parts.places, (place) => place.find(traces));
  const at = now().toISOString();
  return describe(parts, { id: null, at, by, reason, subject: nameSubject(parts, subject), traces, amounts });
}

/**
 * Erases everything on a plate or of an event in every place, and keeps a signed report. First it is marked, so that no message
 * brings it back; the rows go last, so that an erasure that was cut off finds them again. INPUT_INVALID if the reason names the plate.
 */
export async function eraseSubject(parts: PrivacyParts, erasure: Erasure): Promise<ErasureReport> {
  const { sql, ledger, now } = parts;
  const { subject, by, reason, scrub } = erasure;
  await requireNamelessReason(sql, subject, reason);
  const id = randomUUID();
  const wanted = await findWanted(parts, subject);
  const begun = await beginErasure(sql, { erasureId: id, plate: plateOf(subject), wanted });
  if ('holds' in begun) return refuseHeld(begun.holds);
  const entry = { id, at: now().toISOString(), by, reason, subject: nameSubject(parts, subject), events: begun.ids };
  await ledger.append(entry);
  return finishErasure(parts, entry, { plate: plateOf(subject), texts: wanted.texts, scrub });
}

type Known = Readonly<{ plate: string | null; texts: readonly string[]; scrub: boolean }>;

/** Erases events that are marked, and keeps the report. */
export async function finishErasure(parts: PrivacyParts, entry: LedgerEntry, known: Known): Promise<ErasureReport> {
  const { sql, key } = parts;
  const { id, at, by, reason, subject, events } = entry;
  const found = await findTraces({ sql, plate: known.plate, ids: events, texts: known.texts });
  // Done again from the ledger, only the hash says which of the texts is the plate.
  const isPlate = (text: string) => subject.kind === 'plate' && hashSubject(text, key) === subject.hash;
  const traces = { ...found, plate: found.plate ?? found.texts.find(isPlate) ?? null };
  // In the opposite order: the rows, by which everything is found, stand first.
  const amounts = await walk(parts.places.toReversed(), (place) => place.erase(traces));
  const unscrubbed = known.scrub ? await parts.scrub(traces) : undefined;
  const report = await describe(parts, { id, at, by, reason, subject, traces, amounts, unscrubbed });
  const signed = JSON.stringify(signReport(report, key));
  await keepReport(sql, { id, at, by, reason, kind: subject.kind, events: events.length, signed });
  return report;
}

async function walk(
  places: readonly Place[],
  ask: (place: Place) => Promise<Amount>,
): Promise<ReadonlyMap<Place, Amount>> {
  const amounts = new Map<Place, Amount>();
  for (const place of places) amounts.set(place, await ask(place));
  return amounts;
}

async function findWanted({ pseudonymsOf }: PrivacyParts, subject: Subject): Promise<EventsWanted> {
  if ('event' in subject) return { texts: [], ids: [subject.event] };
  return { texts: [subject.plate, ...(await pseudonymsOf(subject.plate))], ids: [] };
}

/** An event that is not stored may still be on its way. */
function withSubject(ids: readonly string[], wanted: EventsWanted): readonly string[] {
  return [...new Set([...ids, ...wanted.ids])];
}

function refuseHeld(holds: Awaited<ReturnType<typeof findHolds>>): never {
  if (holds.length === 0) return undefined as never;
  throw new AlprError(
    'CONFLICT',
    `Expected no hold on it, there is ${holds.map(nameHold).join(' and ')}; end the hold before erasing`,
  );
}

function nameSubject({ key }: PrivacyParts, subject: Subject): ErasureReport['subject'] {
  if ('event' in subject) return { kind: 'event', hash: subject.event };
  return { kind: 'plate', hash: hashSubject(subject.plate, key) };
}

type Described = Pick<ErasureReport, 'id' | 'at' | 'by' | 'reason' | 'subject'> &
  Readonly<{
    traces: Traces;
    amounts: ReadonlyMap<Place, Amount>;
    /** What could not be scrubbed; undefined where nothing was. */
    unscrubbed?: readonly string[] | undefined;
  }>;

async function describe(parts: PrivacyParts, described: Described): Promise<ErasureReport> {
  const { sql, places } = parts;
  const { id, at, by, reason, subject, traces, amounts, unscrubbed } = described;
  return {
    version: 1,
    id,
    at,
    by,
    reason,
    subject,
    events: traces.ids.length,
    corrected_away: traces.correctedAway,
    other_readings: traces.plate === null ? 0 : await countOtherReadings(sql, traces.plate),
    first_seen: traces.firstSeen ?? null,
    last_seen: traces.lastSeen ?? null,
    places: places.map((place) => describePlace(place, amounts.get(place), new Date(at))),
    scrubbed: unscrubbed !== undefined,
    remains: listRemains(parts, unscrubbed, new Date(at)),
  };
}

function describePlace(place: Place, amount: Amount | undefined, at: Date): ErasedPlace {
  return {
    place: place.name,
    what: place.what,
    ...(amount ?? { count: 0, bytes: 0 }),
    note: place.note ?? null,
    until: place.staysUntil?.(at)?.toISOString() ?? null,
  };
}

const LOGS = 'logs of earlier versions, in which edges named the plate of each event: until somebody deletes them';

const FREED =
  'freed bytes in the files of the database, its log and the search index, until these are reused: they were not scrubbed';

function listRemains(
  { places, backupDays }: PrivacyParts,
  unscrubbed: readonly string[] | undefined,
  at: Date,
): readonly string[] {
  const ends = backupDays === null ? undefined : new Date(at.getTime() + backupDays * DAY_MS);
  return [
    ...places.flatMap((place) => {
      const stays = place.staysUntil?.(at);
      return stays ? [`${place.name}: until ${stays.toISOString()}`] : [];
    }),
    ends
      ? `backups: until ${ends.toISOString()}; one that is restored is erased again when the service starts`
      : 'backups: until somebody deletes them; privacy.backup_days does not say when',
    LOGS,
    ...(unscrubbed ?? [FREED]),
    'freed blocks of the disk, until the file system reuses them',
  ];
}
