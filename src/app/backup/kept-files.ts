import { readdir, stat } from 'node:fs/promises';
import { join, parse, relative, resolve, sep } from 'node:path';
import type { Config } from '../config.ts';

/** A file that a backup copies: where it is, and its place in the backup, with slashes. */
export type KeptFile = Readonly<{
  path: string;
  /** Below the data folder where it lies there, else below the root of its file system. */
  place: string;
  isOutside: boolean;
}>;

/** What was erased, one erasure per line; lines are only ever appended. */
export const ERASED = 'privacy/erased.jsonl';

/** Settings that name files: keys, certificates, rules. */
const NAMES_FILES = /(^|_)(file|key|cert)s?$/;

/**
 * Those of these files that exist: keys that the database depends on, what was erased, files that the configuration names, and the
 * versions of models in a folder.
 */
export async function listKeptFiles(config: Config): Promise<readonly KeptFile[]> {
  const data = resolve(config.data);
  const keys = resolve(data, config.audit.key_folder);
  const { registry } = config.models;
  const named = listNamed(config).flatMap((name) => [resolve(data, name), resolve(name)]);
  const paths = [
    ...[join(keys, 'signing-key.pem'), join(keys, 'audit-plates.key'), join(data, ...ERASED.split('/')), ...named],
    ...(registry.kind === 'folder' ? await listVersions(resolve(data, registry.folder)) : []),
  ];
  const there = await Promise.all(paths.map(isFile));
  return [...new Set(paths.filter((_, at) => there[at]))].map((path) => describe(path, data));
}

function describe(path: string, data: string): KeptFile {
  const below = relative(data, path);
  const isOutside = below.startsWith('..') || resolve(below) === below;
  const place = isOutside ? relative(parse(path).root, path) : below;
  return { path, place: place.split(sep).join('/'), isOutside };
}

function listNamed(settings: object): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value === 'string') return NAMES_FILES.test(name) ? [value] : [];
    if (Array.isArray(value) && NAMES_FILES.test(name)) return value.filter((one) => typeof one === 'string');
    return typeof value === 'object' && value !== null ? listNamed(value) : [];
  });
}

/** Decisions about versions come first: a version that they name is complete and never changes. */
async function listVersions(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const visible = files.filter(
    (file) =>
      !relative(folder, file)
        .split(sep)
        .some((part) => part.startsWith('.')),
  );
  const isState = (file: string) => relative(folder, file).split(sep).length === 2;
  return [...visible.filter(isState), ...visible.filter((file) => !isState(file))];
}

async function isFile(path: string): Promise<boolean> {
  // A value that is not a path, such as the key itself, names no file.
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
