import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { AlprError } from '../../base/errors.ts';
import { findModel } from '../hub.ts';
import { parseCard, type VersionCard } from './card.ts';
import { findPrevious } from './find-previous.ts';
import { pullVersion } from './pull.ts';
import { readLimited } from './read-limited.ts';
import type { ModelRegistry, ModelVersion, VersionFile } from './registry.ts';
import type { TrustedKeys } from './trusted-keys.ts';
import { verifyFolder } from './version-files.ts';
import {
  CARD_FILE,
  MOST_SIGNATURE_BYTES,
  parseSignature,
  requireTrusted,
  SIGNATURE_FILE,
} from './version-signature.ts';
import type { StoredVersion, VersionStore } from './version-store.ts';

const MOST_CARD_BYTES = 2_000_000;
/** MLflow 2 keeps no longer tags. */
const MOST_TAG_CHARS = 4000;
const CAMERA = /^[a-z0-9][a-z0-9_-]{0,62}$/;

const TAGS = {
  id: 'alpr.id',
  content: 'alpr.content',
  canary: 'alpr.canary',
  championAt: 'alpr.champion_at',
  rolledBackAt: 'alpr.rolled_back_at',
} as const;

/** What its files say. */
type Facts = Readonly<Pick<ModelVersion, 'files' | 'card' | 'fault'>>;

/** Makes a registry of a kind's store: signatures, what may be promoted, and who was champion before. */
export function createModelRegistry(store: VersionStore, trusted: TrustedKeys): ModelRegistry {
  const known = new Map<string, Facts>();

  const read: ModelRegistry['read'] = ({ model, version }, path, from) => store.read(model, version, path, from);
  const readText = async ({ model, version }: StoredVersion, path: string, most: number) =>
    (await readLimited(await store.read(model, version, path, 0), most)).toString();

  /** A version never changes, so what was found good is not read again. A registry that was lost and filled anew counts from 1 again. */
  const readFacts = async (stored: StoredVersion): Promise<Facts> => {
    const key = [stored.model, stored.version, stored.createdAt, stored.tags[TAGS.content]].join('/');
    const facts = known.get(key) ?? (await readNew(stored));
    if (facts.fault === null) known.set(key, facts);
    return facts;
  };
  const readNew = async (stored: StoredVersion): Promise<Facts> => {
    let files: readonly VersionFile[] = [];
    let card: VersionCard | null = null;
    try {
      const signature = parseSignature(await readText(stored, SIGNATURE_FILE, MOST_SIGNATURE_BYTES));
      files = signature.files;
      card = checkCard(stored, await readText(stored, CARD_FILE, MOST_CARD_BYTES), files);
      requireTrusted(signature, trusted);
      return { files, card, fault: null };
    } catch (error) {
      if (error instanceof AlprError && (error.code === 'MODEL_UNTRUSTED' || error.code === 'NOT_FOUND')) {
        return { files, card, fault: error.message };
      }
      throw error;
    }
  };
  const complete = async (stored: StoredVersion): Promise<ModelVersion> => {
    const { model, version, createdAt, aliases, tags } = stored;
    const facts = await readFacts(stored);
    const digest = facts.card?.weights_sha256.slice(0, 12);
    return {
      ...{ model, version, createdAt, aliases, ...facts },
      id: digest ? `${model}@${digest}` : tags[TAGS.id] || `${model}@unknown`,
      canaryCameras: (tags[TAGS.canary] ?? '').split(',').filter((camera) => camera !== ''),
      championAt: tags[TAGS.championAt] || null,
      rolledBackAt: tags[TAGS.rolledBackAt] || null,
    };
  };
  const list = async (model?: string) => {
    const stored = (await store.list(model)).toSorted(newestFirst);
    const versions: ModelVersion[] = [];
    for (const each of stored) versions.push(await complete(each));
    return versions;
  };
  const find = async (model: string, version: string) => {
    const versions = await list(model);
    const found = versions.find((each) => each.version === version);
    if (found) return { found, versions };
    const choice = versions.length > 0 ? `has ${versions.map((each) => each.version).join(', ')}` : 'has none of it';
    throw new AlprError('NOT_FOUND', `Expected a version ${version} of ${model}, but the registry ${choice}`);
  };
  const makeChampion = async (model: string, version: string) => {
    const { found, versions } = await find(model, version);
    requireGood(found);
    // One whose promotion was cut off after its alias, or that MLflow's own pages made champion, gets the rest now.
    const isWhole = found.championAt !== null && found.rolledBackAt === null && !found.aliases.includes('challenger');
    if (found.aliases.includes('champion') && isWhole) {
      throw new AlprError('CONFLICT', `Version ${version} of ${model} is already the champion; nothing has changed`);
    }
    await store.setAlias(model, 'champion', version);
    await store.setTags(model, version, {
      [TAGS.championAt]: nextTime(versions),
      [TAGS.rolledBackAt]: '',
      [TAGS.canary]: '',
    });
    if (found.aliases.includes('challenger')) await store.setAlias(model, 'challenger', undefined);
  };

  return {
    kind: store.kind,
    trusted,
    list: () => list(),
    register: async (folder) => {
      const { files } = await verifyFolder(folder, trusted);
      const { manifest } = await findModel(resolve(folder), []);
      const { name: model, version, task, sha256 } = manifest;
      const content = digestOf(files);
      const there = (await store.list(model)).find(({ tags }) => tags[TAGS.content] === content);
      if (there) return complete(there);
      const added = await store.add({
        model,
        folder,
        paths: [...files.map(({ path }) => path), SIGNATURE_FILE],
        description: `${model} ${version}, task ${task}, weights ${sha256.slice(0, 12)}`,
        tags: { [TAGS.id]: `${model}@${sha256.slice(0, 12)}`, [TAGS.content]: content },
      });
      return (await find(model, added)).found;
    },
    setAlias: async (model, alias, version) => {
      if (version === undefined) return store.setAlias(model, alias, undefined);
      if (alias === 'champion') return makeChampion(model, version);
      requireGood((await find(model, version)).found);
      return store.setAlias(model, alias, version);
    },
    setCanary: async (model, version, cameras) => {
      const odd = cameras.find((camera) => !CAMERA.test(camera));
      const text = [...new Set(cameras)].join(',');
      if (odd !== undefined || text.length > MOST_TAG_CHARS) {
        const what = odd === undefined ? `${cameras.length} names, together too long` : `"${odd}"`;
        throw new AlprError(
          'INPUT_INVALID',
          `Expected the names of a few cameras, got ${what}. For all cameras promote the version.`,
        );
      }
      const { found } = await find(model, version);
      if (cameras.length > 0) requireGood(found);
      await store.setTags(model, version, { [TAGS.canary]: text });
    },
    rollBack: async (model) => {
      const versions = await list(model);
      const { current, previous } = findPrevious(model, versions);
      if (previous.fault !== null) {
        const message = `The champion of ${model} before version ${current.version} was version ${previous.version}, which must not be used: ${previous.fault}. Promote another version instead`;
        throw new AlprError('MODEL_UNTRUSTED', message);
      }
      // First, so that one that is cut off here and repeated does not go back to what was rolled back.
      const now = new Date().toISOString();
      await store.setTags(model, current.version, { [TAGS.rolledBackAt]: now, [TAGS.canary]: '' });
      await makeChampion(model, previous.version);
      return (await find(model, previous.version)).found;
    },
    read,
    pull: (version, folder, signal) =>
      pullVersion({ registry: { read, trusted }, version, folder, ...(signal && { signal }) }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** The card that the signed list names. */
function checkCard({ model }: StoredVersion, text: string, files: readonly VersionFile[]): VersionCard {
  const listed = files.find(({ path }) => path === CARD_FILE);
  if (listed?.sha256 !== createHash('sha256').update(text).digest('hex')) {
    throw new AlprError('MODEL_UNTRUSTED', `${CARD_FILE} is not the one that was signed`);
  }
  const card = parseCard(text);
  if (typeof card === 'string') throw new AlprError('MODEL_UNTRUSTED', card);
  if (card.model === model) return card;
  throw new AlprError('MODEL_UNTRUSTED', `It is stored under ${model}, but was signed as a version of ${card.model}`);
}

function requireGood({ model, version, fault }: ModelVersion): void {
  if (fault === null) return;
  throw new AlprError('MODEL_UNTRUSTED', `Version ${version} of ${model} must not be used: ${fault}`);
}

function digestOf(files: readonly VersionFile[]): string {
  const lines = files.map(({ path, sha256 }) => `${sha256} ${path}\n`).toSorted();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** Now, or just after the last promotion if a clock elsewhere is ahead: the order must be that of what happened. */
function nextTime(versions: readonly ModelVersion[]): string {
  const last = Math.max(0, ...versions.map(({ championAt }) => (championAt ? Date.parse(championAt) : 0)));
  return new Date(Math.max(Date.now(), last + 1)).toISOString();
}

function newestFirst(a: StoredVersion, b: StoredVersion): number {
  return a.model === b.model ? Number(b.version) - Number(a.version) : a.model < b.model ? -1 : 1;
}
