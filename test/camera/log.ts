import type { Log } from '../../src/base/log.ts';

/** A Log whose lines can be read. */
export function keepLog(): Log & Readonly<{ lines: readonly string[] }> {
  const lines: string[] = [];
  const write = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
  const log = { lines, debug: write, info: write, warn: write, error: write, child: () => log };
  return log;
}
