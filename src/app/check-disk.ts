import { access, constants, statfs } from 'node:fs/promises';

/** Whether a folder can be written to and its disk has at least `reserveBytes` free. */
export async function checkDisk(
  folder: string,
  reserveBytes: number,
): Promise<Readonly<{ ok: boolean; free_bytes: number; message?: string }>> {
  await access(folder, constants.W_OK);
  const { bavail, bsize } = await statfs(folder);
  const free_bytes = bavail * bsize;
  if (free_bytes >= reserveBytes) return { ok: true, free_bytes };
  return { ok: false, free_bytes, message: `Less than ${reserveBytes} bytes are free` };
}
