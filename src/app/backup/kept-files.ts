import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Config } from '../config.ts';

/** Keys without which the database is worth less, and what was erased, in the data folder; those that are there. */
export async function listKeptFiles(config: Config): Promise<readonly string[]> {
  const data = resolve(config.data);
  const keys = resolve(data, config.audit.key_folder);
  const paths = [
    resolve(data, config.accounts.key_file),
    join(keys, 'signing-key.pem'),
    join(keys, 'audit-plates.key'),
    resolve(data, config.models.registry.signing_key),
    join(data, 'privacy', 'erased.jsonl'),
  ].filter((path) => !relative(data, path).startsWith('..'));
  const there = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  );
  return paths.filter((_, at) => there[at]);
}
