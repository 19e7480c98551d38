import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { pipeline } from 'node:stream/promises';
import type { Config } from '../../app/config.ts';
import { type OpenedPrivacy, openPrivacyAlone } from '../../app/open-privacy-alone.ts';
import { AlprError } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import type { ErasureReport, PlaceAmount, Subject } from '../../contract/api/privacy.ts';
import { normalizePlate } from '../../contract/plate-text.ts';
import { readLookUps } from '../../privacy/look-ups.ts';
import { verifyReport } from '../../privacy/report.ts';
import { readReport } from '../../store/privacy/erasures.ts';
import { endHold, listHolds } from '../../store/privacy/holds.ts';
import { formatColumns } from '../format-columns.ts';
import { parseDate } from '../options.ts';

type JsonFlag = Readonly<{ json?: boolean }>;
export type HoldFlags = Readonly<{ reason: string; case?: string; until?: string }>;
export type EraseFlags = Readonly<{ reason: string; dryRun?: boolean; scrub?: boolean; out?: string }>;

export type ExportFlags = Readonly<{ out: string; lookUps?: boolean }>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Prints every place where plates live. */
export async function showInventory(config: Config, flags: JsonFlag): Promise<void> {
  await using opened = await open(config);
  await opened.record({ action: 'view', operation: 'privacy inventory' });
  const inventory = await opened.privacy.takeInventory();
  print(flags.json ? JSON.stringify(inventory) : formatPlaces(inventory.places));
}

/** Prints what retention would remove now. */
export async function tryRetention(config: Config, flags: JsonFlag): Promise<void> {
  await using opened = await open(config);
  await opened.record({ action: 'view', operation: 'privacy retention' });
  const report = await opened.privacy.tryRetention();
  if (flags.json) return print(JSON.stringify(report));
  print(formatPlaces(report.places));
  const days = Object.entries(report.days).map(
    ([name, value]) => `${name} ${value === null ? 'for ever' : `${value} days`}`,
  );
  print(`\nKept: ${days.join(', ')}.`);
  if (report.held > 0) print(`${report.held} events are old enough to go, and stay because of a hold.`);
}

/** Sets a hold. */
export async function setHold(config: Config, subject: string, flags: HoldFlags): Promise<void> {
  const held = parseSubject(subject);
  await using opened = await open(config);
  const { reason, case: caseNumber, until: end } = flags;
  const query = { reason, case_number: caseNumber, until: end };
  await opened.record({ action: 'change', operation: 'privacy hold', ...nameSubject(held, query) });
  const { id, until, events } = await opened.privacy.hold({
    subject: held,
    class: caseNumber === undefined ? 'hold' : 'case',
    reason,
    caseNumber: caseNumber ?? null,
    by: whoRuns(),
    until: end === undefined ? null : parseDate(end).toISOString(),
  });
  print(`Hold ${id} keeps ${events} events${until === null ? ' until it is ended' : ` until ${until}`}.`);
}

/** Prints the holds in force, or those that have ended. */
export async function showHolds(config: Config, flags: Readonly<{ ended?: boolean }>): Promise<void> {
  await using opened = await open(config);
  const holds = await listHolds(opened.sql, { ended: flags.ended === true });
  const plates = holds.flatMap(({ plate }) => plate ?? []);
  await opened.record({ action: 'view', operation: 'privacy holds', plates, results: holds.length });
  const heads = ['id', 'class', 'of', 'events', 'by', 'until', 'reason'];
  const rows = holds.map((hold) => [
    hold.id,
    hold.class,
    hold.plate ?? hold.event ?? '–',
    String(hold.events),
    hold.by,
    hold.ended_at ?? hold.until ?? '–',
    hold.case_number === null ? hold.reason : `${hold.reason} (${hold.case_number})`,
  ]);
  print(holds.length === 0 ? 'No holds.' : formatColumns([heads, ...rows]));
}

/** Ends a hold. */
export async function releaseHold(config: Config, id: string): Promise<void> {
  await using opened = await open(config);
  await opened.record({ action: 'change', operation: 'privacy release', query: { id } });
  const ended = UUID.test(id) ? await endHold(opened.sql, { id, by: whoRuns() }) : undefined;
  if (!ended) throw new AlprError('NOT_FOUND', `No hold ${id} is in force; alpr privacy holds shows those there are`);
  print(`Hold ${id} has ended.`);
}

/** Erases a plate or an event, or prints what there is of it. */
export async function erase(config: Config, subject: string, flags: EraseFlags): Promise<void> {
  const erased = parseSubject(subject);
  await using opened = await open(config);
  const { reason, dryRun = false, scrub = false } = flags;
  const query = { reason, dry_run: dryRun, scrub };
  // An entry that names the plate would bring back what is being erased.
  const entry = dryRun ? nameSubject(erased, query) : { query };
  await opened.record({ action: 'change', operation: 'privacy erase', ...entry });
  const report = await opened.privacy.erase({ subject: erased, reason, by: whoRuns(), dryRun, scrub });
  print(formatReport(report));
  if (flags.out === undefined || report.id === null) return;
  await writeFile(flags.out, (await readReport(opened.sql, report.id)) ?? '');
  print(`\nThe signed report is in ${flags.out}.`);
}

/** Writes everything on a plate to a zip. */
export async function exportPlate(config: Config, text: string, flags: ExportFlags): Promise<void> {
  const plate = parsePlate(text);
  await using opened = await open(config);
  const lookUps = flags.lookUps ? await readLookUps(opened.sql, opened.keys.plates, plate) : undefined;
  await opened.record({ action: 'export', operation: 'privacy export', plates: [plate] });
  await pipeline(opened.privacy.answerSubject({ plate, lookUps }), createWriteStream(flags.out, { mode: 0o600 }));
  print(`Everything on ${plate} is in ${flags.out}.`);
}

/** Checks the signature of a report. */
export async function verifyFile(file: string): Promise<void> {
  const { report, fingerprint } = verifyReport(await readFile(file, 'utf8'));
  print(`The report is as it was signed, by the key with the fingerprint ${fingerprint}.\n`);
  print(formatReport(report));
}

function open(config: Config): Promise<OpenedPrivacy> {
  return openPrivacyAlone(config, createLog({ ...config.log, level: 'warn' }));
}

function parseSubject(text: string): Subject {
  return UUID.test(text) ? { event: text.toLowerCase() } : { plate: parsePlate(text) };
}

/** The subject as the audit keeps it: plates encrypted, ids in the open. */
function nameSubject(subject: Subject, query: Readonly<Record<string, unknown>>) {
  return 'plate' in subject ? { query, plates: [subject.plate] } : { query: { ...query, event: subject.event } };
}

function parsePlate(text: string): string {
  const plate = normalizePlate(text);
  if (plate.length > 0 && plate.length <= 24) return plate;
  throw new AlprError('INPUT_INVALID', `Expected a plate of letters and digits, or the id of an event, got "${text}"`);
}

function whoRuns(): string {
  return `${userInfo().username} (command line)`;
}

function formatPlaces(places: readonly PlaceAmount[]): string {
  const heads = ['place', 'count', '', 'bytes', 'note'];
  const rows = places.map(({ place, count, what, bytes, note }) => [
    place,
    count.toLocaleString('en-GB'),
    what,
    bytes.toLocaleString('en-GB'),
    note ?? '',
  ]);
  return formatColumns([heads, ...rows]);
}

function formatReport(report: ErasureReport): string {
  const done = report.id === null ? 'would be erased' : 'are erased';
  return [
    `${report.events} events ${done}${report.first_seen === null ? '' : `, seen from ${report.first_seen} to ${report.last_seen}`}.`,
    ...(report.corrected_away > 0 ? [`${report.corrected_away} of them were read as another plate in the end.`] : []),
    ...(report.other_readings > 0
      ? [`In ${report.other_readings} events of other plates it is a possible reading; they stay.`]
      : []),
    '',
    formatPlaces(report.places),
    '',
    'What remains:',
    ...report.remains.map((line) => `  ${line}`),
  ].join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
