import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder, writeDurably } from './durable-file.ts';
import { AlprError } from './errors.ts';
import { makeFolder } from './make-folder.ts';

/**
 * The content of a file that its owner alone may read, made when it is missing: the same for all who ask at once. CONFIG_INVALID
 * when others may read it.
 */
export async function openSecretFile(file: string, make: () => Buffer): Promise<Buffer> {
  return (await readSecret(file)) ?? (await createSecret(file, make()));
}

async function readSecret(file: string): Promise<Buffer | undefined> {
  try {
    const { mode, uid } = await stat(file);
    // Where a cluster mounts it, it is another's, and ours to read by our group alone.
    const tooMuch = uid === process.getuid?.() ? 0o077 : 0o037;
    if (process.platform !== 'win32' && (mode & tooMuch) !== 0) {
      throw new AlprError(
        'CONFIG_INVALID',
        `Expected ${file} to be readable by its owner alone; run chmod 600 ${file}`,
      );
    }
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The link fails where another process was first: then its content counts. */
async function createSecret(file: string, content: Buffer): Promise<Buffer> {
  const folder = dirname(file);
  await makeFolder(folder, { mode: 0o711 });
  const part = `${file}.${randomUUID()}.part`;
  try {
    await writeDurably(part, content, 0o600);
    await link(part, file);
    await syncFolder(folder);
    return content;
  } catch (error) {
    const existing = await readSecret(file);
    if (existing === undefined) throw error;
    return existing;
  } finally {
    await rm(part, { force: true });
  }
}
