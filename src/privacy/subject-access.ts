import type { Readable } from 'node:stream';
import { streamZip, type ZipEntry } from '../base/zip.ts';
import type { Alert } from '../contract/alert.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { readAlertsOfEvents } from '../store/privacy/alerts.ts';
import { countOtherReadings, readPassages } from '../store/privacy/subject-events.ts';
import { type LookUp, type ShownPassage, writeAccessPage } from './access-page.ts';
import type { PrivacyParts } from './parts.ts';
import type { Piece } from './place.ts';

export type SubjectAccess = Readonly<{
  plate: string;
  /** Who looked it up; undefined where the person may not be told. */
  lookUps?: readonly LookUp[] | undefined;
}>;

/**
 * Everything on a plate as a zip: its pictures, a page for people and JSON for programs. Only passages that were read as this
 * plate in the end: others are about other people. However many there are, one picture is in memory at a time.
 */
export function answerSubject(parts: PrivacyParts, access: SubjectAccess): Readable {
  return streamZip(makeEntries(parts, access));
}

async function* makeEntries(parts: PrivacyParts, { plate, lookUps }: SubjectAccess): AsyncGenerator<ZipEntry> {
  const { sql, places, now, pseudonymsOf } = parts;
  const texts = [plate, ...(await pseudonymsOf(plate))];
  /** Names of the pictures that are there, of the events that have any. */
  const shown = new Map<string, readonly string[]>();
  for await (const event of eachPassage(parts, texts)) {
    const pieces = (await Promise.all(places.map((place) => place.read?.(event) ?? []))).flat();
    for (const piece of pieces) yield { name: nameOf(event, piece), content: once(piece.bytes), packed: true };
    if (pieces.length > 0) {
      shown.set(
        event.event_id,
        pieces.map((piece) => nameOf(event, piece)),
      );
    }
  }
  const passages = listShown(eachPassage(parts, texts), shown);
  const otherReadings = await countOtherReadings(sql, plate);
  const page = { plate, at: now().toISOString(), passages, lookUps, otherReadings };
  yield { name: 'index.html', content: writeAccessPage(page) };
  yield { name: 'passages.json', content: writeJson(eachPassage(parts, texts)) };
  yield { name: 'alerts.json', content: writeJson(eachAlert(parts, texts)) };
  if (lookUps) yield { name: 'look-ups.json', content: once(JSON.stringify(lookUps, null, 2)) };
}

async function* eachPassage({ sql }: PrivacyParts, texts: readonly string[]): AsyncGenerator<PlateEvent> {
  for await (const events of readPassages(sql, texts)) yield* events;
}

async function* eachAlert({ sql }: PrivacyParts, texts: readonly string[]): AsyncGenerator<Alert> {
  for await (const events of readPassages(sql, texts)) {
    const ids = events.map(({ event_id }) => event_id);
    yield* await readAlertsOfEvents(sql, ids);
  }
}

async function* listShown(
  events: AsyncIterable<PlateEvent>,
  shown: ReadonlyMap<string, readonly string[]>,
): AsyncGenerator<ShownPassage> {
  for await (const event of events) yield { event, pictures: shown.get(event.event_id) ?? [] };
}

async function* writeJson(events: AsyncIterable<PlateEvent | Alert>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const event of events) {
    yield before + JSON.stringify(event);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

async function* once<T>(content: T): AsyncGenerator<T> {
  yield content;
}

function nameOf({ event_id: id, detected_at: at }: PlateEvent, { name }: Piece): string {
  return `pictures/${at.slice(0, 10)}-${id}-${name}`;
}
