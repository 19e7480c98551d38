import { access, constants, statfs } from 'node:fs/promises';

/** Whether a folder can be written to and its disk has at least `reserveBytes` free. */
export async function checkDisk(
  folder: string,
  reserveBytes: number,
): Promise<Readonly<{ ok: boolean; free_bytes: number }>> {
  await access(folder, constants.W_OK);
  const { bavail, bsize } = await statfs(folder);
  return { ok: bavail * bsize >= reserveBytes, free_bytes: bavail * bsize };
}
