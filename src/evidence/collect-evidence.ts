import { createHash } from 'node:crypto';
import { AlprError } from '../base/errors.ts';
import type { ZipEntry } from '../base/zip.ts';
import type { Scope } from '../contract/access.ts';
import type { Picture } from '../contract/plate-event.ts';
import { isPlausible } from '../contract/plausible-time.ts';
import type { Sql } from '../db/sql.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import type { Images } from '../images/images.ts';
import { readAuditOfEvent, readDatabaseTime, readStoredRevisions, type StoredRevision } from '../store/evidence.ts';
import { readNotes } from '../store/notes.ts';
import { readAlertsOfEvents } from '../store/privacy/alerts.ts';
import { MANIFEST, type Manifest, PUBLIC_KEY, SIGNATURE } from './manifest.ts';
import { type Clocks, type FoundPicture, writePage } from './write-page.ts';

export type EvidenceParts = Readonly<{
  sql: Sql;
  images: Pick<Images, 'get'>;
  signing: SigningKey;
  /** What reads plates here now: the version of the program, its networks, the settings of recognition. */
  system: Readonly<{ program: string; models: readonly unknown[]; settings: Readonly<Record<string, unknown>> }>;
}>;

type Wanted = Readonly<{ eventId: string; scope: Scope; by: string; tellsWho?: boolean }>;
type File = Readonly<{ name: string; bytes: Buffer; packed?: boolean }>;

/**
 * Everything that speaks for an event, as the files of a zip: a page for people, all revisions, pictures, clocks, networks and
 * settings, who looked at it, and a signed manifest with the SHA-256 of each. NOT_FOUND without an event that may be seen.
 */
export async function collectEvidence(
  parts: EvidenceParts,
  { eventId, scope, by, tellsWho = true }: Wanted,
): Promise<AsyncIterable<ZipEntry>> {
  const { sql, signing, system } = parts;
  const revisions = await readStoredRevisions(sql, eventId, scope);
  const newest = revisions.at(-1);
  if (!newest) throw new AlprError('NOT_FOUND', `There is no event ${eventId}`);
  const [pictures, clock, notes, alerts, audit] = await Promise.all([
    readPictures(parts.images, revisions),
    readClocks(sql, revisions),
    readNotes(sql, { event: eventId }),
    readAlertsOfEvents(sql, [eventId]),
    tellsWho ? readAuditOfEvent(sql, eventId) : [],
  ]);
  const settings = formatJson(system.settings);
  const described = { ...system, configuration_sha256: hashOf(settings) };
  const page = {
    revisions,
    pictures,
    clock,
    notes,
    system: described,
    looks: audit.length,
    made: { at: clock.here, by },
  };
  const files: readonly File[] = [
    { name: 'index.html', bytes: Buffer.from(writePage({ ...page, fingerprint: signing.fingerprint })) },
    { name: 'event.json', bytes: formatJson(newest.event) },
    { name: 'revisions.json', bytes: formatJson(revisions) },
    { name: 'clock.json', bytes: formatJson(clock) },
    { name: 'notes.json', bytes: formatJson(notes) },
    { name: 'alerts.json', bytes: formatJson(alerts) },
    { name: 'system.json', bytes: formatJson(described) },
    { name: 'audit.ndjson', bytes: Buffer.from(audit.join('')) },
    ...pictures.flatMap(({ name, bytes }) => (bytes ? [{ name, bytes, packed: true }] : [])),
  ];
  const manifest: Manifest = {
    format: 'ovr-alpr evidence',
    version: 1,
    event_id: eventId,
    made_at: clock.here,
    made_by: by,
    program: system.program,
    fingerprint: signing.fingerprint,
    files: files.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: hashOf(bytes) })),
    missing: pictures.flatMap(({ picture, why }) => (why ? [{ key: picture.key, sha256: picture.sha256, why }] : [])),
  };
  const signed = formatJson(manifest);
  return listEntries([
    ...files,
    { name: MANIFEST, bytes: signed },
    { name: SIGNATURE, bytes: signing.sign(signed) },
    { name: PUBLIC_KEY, bytes: Buffer.from(signing.publicKeyPem) },
  ]);
}

/** Each picture of each revision once. */
async function readPictures(
  images: Pick<Images, 'get'>,
  revisions: readonly StoredRevision[],
): Promise<readonly FoundPicture[]> {
  const all = revisions.toReversed().flatMap(({ event }) => Object.entries(event.images ?? {}));
  const different = [...new Map(all.map(([kind, picture]) => [picture.key, { kind, picture }])).values()];
  return Promise.all(
    different.map(async ({ kind, picture }) => {
      const name = `pictures/${picture.key.split('/').at(-1)}`;
      return { name, kind, picture, ...(await readPicture(images, picture)) };
    }),
  );
}

async function readPicture(
  images: Pick<Images, 'get'>,
  { key, sha256 }: Picture,
): Promise<Pick<FoundPicture, 'bytes' | 'why'>> {
  try {
    const bytes = (await images.get(key))?.bytes;
    if (!bytes) return { why: 'It is not in the picture store any more' };
    if (hashOf(bytes) === sha256) return { bytes: Buffer.from(bytes) };
    return { why: 'The picture in the store is not the one that the event speaks of' };
  } catch (error) {
    if (error instanceof AlprError && error.code === 'IMAGE_DAMAGED')
      return { why: 'The picture in the store is damaged' };
    throw error;
  }
}

/** What the clocks say: of the camera's machine when it published, of the database when it stored, and of both machines now. */
async function readClocks(sql: Sql, revisions: readonly StoredRevision[]): Promise<Clocks> {
  const before = Date.now();
  const database = await readDatabaseTime(sql);
  const here = (before + Date.now()) / 2;
  return {
    here: new Date(here).toISOString(),
    database: database.toISOString(),
    database_ahead_ms: Math.round(database.getTime() - here),
    revisions: revisions.map(({ event, stored_at }) => ({
      revision: event.revision,
      published: event.time.published,
      stored_at,
      stored_after_ms: Date.parse(stored_at) - Date.parse(event.time.published),
      plausible: isPlausible(event.detected_at, here),
    })),
  };
}

function formatJson(content: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function* listEntries(files: readonly File[]): AsyncGenerator<ZipEntry> {
  for (const { name, bytes, packed = false } of files) yield { name, content: once(bytes), packed };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
