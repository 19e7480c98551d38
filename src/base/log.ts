import { pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A structured logger; `child` adds fields to every line. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

/** JSON lines on standard error, so that standard output stays for results; on a terminal, lines for people. */
export function createLog(level: LogLevel): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const sink = pino.destination({ fd: 2, sync: true });
  if (!process.stderr.isTTY) return pino(options, sink);
  return pino(options, { write: (line: string) => sink.write(formatLine(JSON.parse(line))) });
}

/** `14:35:12 warn  The bus did not take events  waiting=3`. */
function formatLine({ level, time, msg, ...fields }: { level: number; time: string; msg: string }): string {
  const name = pino.levels.labels[level] ?? String(level);
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${formatField(value)}`);
  return `${time.slice(11, 19)} ${name.padEnd(5)} ${msg}  ${rest.join(' ')}\n`;
}

function formatField(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return 'message' in value ? JSON.stringify(value.message) : JSON.stringify(value);
}
