import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../../base/durable-file.ts';
import { codeOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { ModelVersion } from '../../models/registry/registry.ts';

/** What models do here, as the configuration names it. */
export const MODEL_KINDS = ['detector', 'reader', 'vehicle'] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** Why a version is not used. */
export const REFUSALS = [
  'untrusted',
  'damaged',
  'golden',
  'crashed',
  'local_looks',
  'latency',
  'errors',
  'read_rate',
] as const;
export type Refusal = (typeof REFUSALS)[number];

const time = z.iso.datetime();
const count = z.number().min(0);
const held = z.strictObject({
  version: z.string(),
  /** `name@` and the first 12 digits of the weights' sha256. */
  id: z.string(),
  /** Digest over all its files. */
  content: z.string().regex(/^[0-9a-f]{16}$/),
  /** When it was promoted: what was refused may be promoted again, which is another try. */
  decision: z.string().nullable(),
  files: z.array(z.strictObject({ path: z.string(), bytes: count, sha256: z.string() })),
});
const ends = z.strictObject({ read: count, lost: count, unplated: count });
/** A state of an earlier program has its passages in one sum, which cannot be compared: it is left out. */
const tally = z.object({
  frames: count,
  failed: count,
  detectMs: count,
  looks: count,
  readMs: count,
  /** How passages ended, by the conditions under which they were seen: a camera, and how fast its pictures came. */
  passages: z.record(z.string(), ends).default({}),
});
const seat = z.strictObject({
  held,
  /** What was counted before it came; null when its trial is over. */
  trial: z.strictObject({ since: time, starts: count, past: tally }).nullable(),
});
const kind = z.strictObject({
  /** The setting of the configuration: another name there makes all this void. */
  configured: z.string(),
  /** What all cameras run; null for the configured model. */
  usual: seat.nullable(),
  /** What it goes back to, the newest last, and then the configured model. An earlier program kept one at most. */
  good: z.union([z.array(seat), held.nullable().transform((one) => (one ? [{ held: one, trial: null }] : []))]),
  /** What some cameras run beside it. */
  chosen: seat.extend({ cameras: z.array(z.string()) }).nullable(),
  /** What is being opened, and how often: a network may end the process. */
  trying: z.strictObject({ content: z.string(), times: count }).nullable(),
  refused: z.array(
    z.strictObject({
      version: z.string(),
      id: z.string(),
      content: z.string(),
      decision: z.string().nullable(),
      reason: z.enum(REFUSALS),
      message: z.string(),
      at: time,
      /** Whether it ran here before. */
      ran: z.boolean(),
    }),
  ),
  /** Contents that ran here and were not taken back: an old friend is not compared with what followed it. */
  proven: z.array(z.string()),
});
const stateSchema = z.strictObject({
  format: z.literal(1),
  contact_at: time.nullable(),
  kinds: z.partialRecord(z.enum(MODEL_KINDS), kind),
});

export type HeldVersion = z.infer<typeof held>;
export type Ends = z.infer<typeof ends>;
export type Tally = z.infer<typeof tally>;
export type Seat = z.infer<typeof seat>;
export type KindState = z.infer<typeof kind>;
export type SyncState = z.infer<typeof stateSchema>;
export type Refused = KindState['refused'][number];

const FILE = 'state.json';
/** Refusals and proven versions that are remembered of each kind. */
const REMEMBERED = 50;
/** Versions on trial, one after the other, that an edge can go back to. */
const MOST_BACK = 4;

/** The folder in which an edge keeps versions of models, below that of all its data. */
export function modelFolderOf({ data }: Readonly<{ data: string }>): string {
  return join(data, 'edge', 'models');
}

/** The folder of a version below that of the state. */
export function folderOfVersion(folder: string, { id, version, content }: HeldVersion): string {
  return join(folder, 'versions', `${id.split('@')[0]}-${version}-${content}`);
}

/** Whether the files of a version lie here as they were signed. */
export async function isHere(folder: string, held: HeldVersion): Promise<boolean> {
  const place = folderOfVersion(folder, held);
  for (const { path, sha256 } of held.files) {
    const hash = createHash('sha256');
    try {
      for await (const chunk of createReadStream(join(place, path))) hash.update(chunk);
    } catch {
      return false;
    }
    if (hash.digest('hex') !== sha256) return false;
  }
  return held.files.length > 0;
}

/** A version of the registry, as the state on disk records it. */
export function toHeld({ version, id, files, championAt }: ModelVersion): HeldVersion {
  const lines = files.map(({ path, sha256 }) => `${sha256} ${path}\n`).toSorted();
  const content = createHash('sha256').update(lines.join('')).digest('hex').slice(0, 16);
  return { version, id, content, decision: championAt, files: files.map((file) => ({ ...file })) };
}

/** Whether they are the same files, by the same decision. */
export function isSame(held: HeldVersion, { content, decision }: Pick<HeldVersion, 'content' | 'decision'>): boolean {
  return held.content === content && held.decision === decision;
}

/** What is known of a kind of model, empty at first or after the configuration has named another model. */
export function stateOf({ kinds }: SyncState, kind: ModelKind, configured: string): KindState {
  const known = kinds[kind];
  if (known?.configured === configured) return known;
  const none = { usual: null, good: [], chosen: null, trying: null, refused: [], proven: [] };
  const fresh: KindState = { configured, ...none };
  kinds[kind] = fresh;
  return fresh;
}

/** Remembers that a version is not used, whatever it did before. The newest of each content counts. */
export function refuse(state: KindState, refused: Refused): void {
  const others = state.refused.filter(({ content }) => content !== refused.content);
  state.refused = [...others, refused].slice(-REMEMBERED);
  state.proven = state.proven.filter((content) => content !== refused.content);
}

/** Remembers that a version did its work here. */
export function prove(state: KindState, { content }: HeldVersion): void {
  state.proven = [...state.proven.filter((one) => one !== content), content].slice(-REMEMBERED);
}

/**
 * Gives a version the place of the present one, to which the edge goes back if it fails. One that is itself still on trial goes on with
 * it then, and may fail, too: so what was before it is kept. Nothing goes back to what was rolled back everywhere.
 */
export function succeed(state: KindState, seat: Seat, rolledBack: ReadonlySet<string>): void {
  const { usual: before, good } = state;
  const isSettled = before !== null && before.trial === null && !rolledBack.has(before.held.content);
  const past = isSettled ? [before] : before ? [...good, before] : [];
  const others = past.filter(({ held: { content } }) => content !== seat.held.content && !rolledBack.has(content));
  state.good = others.slice(-MOST_BACK);
  state.usual = seat;
}

/** Which versions an edge runs, from its last start; one that is damaged is as none. */
export async function readState(folder: string, log: Log): Promise<SyncState> {
  const empty: SyncState = { format: 1, contact_at: null, kinds: {} };
  let text: string;
  try {
    text = await readFile(join(folder, FILE), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return empty;
    throw error;
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (err) {
    log.error({ err, folder }, 'the file of model versions that run here is damaged; using the configured models');
    return empty;
  }
}

/** Keeps the state: whole on the disk when it resolves. The folder must exist. */
export async function writeState(folder: string, state: SyncState): Promise<void> {
  await writeDurably(join(folder, FILE), `${JSON.stringify(state, undefined, 2)}\n`, 0o644);
}
