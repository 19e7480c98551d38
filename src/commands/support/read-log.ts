import { open } from 'node:fs/promises';
import { hideInText, hideSecrets } from '../../app/hide-secrets.ts';

/** So much of the end of a file is taken, bytes. */
const NEWEST_BYTES = 4_000_000;

/**
 * The newest lines of a file of the log. Lines of other programs are left out, and so is what only `debug` says: nobody has looked at these
 * for plates.
 */
export async function* readLog(file: string): AsyncGenerator<string> {
  await using opened = await open(file);
  const { size } = await opened.stat();
  const start = Math.max(0, size - NEWEST_BYTES);
  let isWhole = start === 0;
  for await (const line of opened.readLines({ start })) {
    const fields = isWhole ? parse(line) : undefined;
    isWhole = true;
    if (fields && fields.level !== 'debug') yield `${JSON.stringify(hideSecrets(fields))}\n`;
  }
}

/** Undefined for what is no line of ours; text on a terminal is none either, and says so. */
function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isOurs = typeof value === 'object' && value !== null && 'msg' in value && 'level' in value;
    return isOurs ? { ...value } : undefined;
  } catch {
    return /^\d\d:\d\d:\d\d (info|warn|error) /.test(line) ? { text: hideInText(line) } : undefined;
  }
}
