import { styleText } from 'node:util';
import { pino } from 'pino';
import { traceIdOf } from '../contract/trace-id.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** How lines are written: `auto` is text for a terminal and JSON for a pipe or a file. */
export type LogFormat = 'auto' | 'text' | 'json';

export type LogConfig = Readonly<{ level: LogLevel; format?: LogFormat }>;

/** A structured logger; `child` adds fields to every line. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

/** Where lines go, and whether a person reads them there. */
export type LogTarget = Readonly<{ write(text: string): void; isTerminal: boolean; hasColours: boolean }>;

/** Lines on standard error, so that standard output stays for results; `keep` is told each as JSON. */
export function createLog(
  { level, format = 'auto' }: LogConfig,
  target: LogTarget = openStandardError(),
  keep: (line: string) => void = () => undefined,
): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (name: string) => ({ level: name }), log: addTrace },
  };
  const isText = format === 'auto' ? target.isTerminal : format === 'text';
  const write = (line: string) => {
    keep(line);
    target.write(isText ? formatLine(JSON.parse(line), target.hasColours) : line);
  };
  return pino(options, { write });
}

/** A line about an event leads to its trace. */
function addTrace(fields: Record<string, unknown>): Record<string, unknown> {
  const { event_id } = fields;
  return typeof event_id === 'string' ? { ...fields, trace_id: traceIdOf(event_id) } : fields;
}

/** Colours follow the terminal and NO_COLOR. */
function openStandardError(): LogTarget {
  const sink = pino.destination({ fd: 2, sync: true });
  return {
    write: (text) => sink.write(text),
    isTerminal: process.stderr.isTTY,
    hasColours: process.stderr.isTTY && process.stderr.hasColors(),
  };
}

type LoggedError = Readonly<{ message?: string; code?: string; type?: string }>;
type Line = Readonly<{
  level: keyof typeof COLOURS;
  time: string;
  msg: string;
  camera_id?: string;
  /** For those who gather the lines of many. */
  service?: string;
  site?: string;
  trace_id?: string;
  err?: LoggedError | string;
}>;

const COLOURS = { debug: 'gray', info: 'green', warn: 'yellow', error: 'red' } as const;

/** `14:35:12 warn  [gate] the bus does not take events: The broker does not answer  waiting=3`, in local time. */
function formatLine(line: Line, hasColours: boolean): string {
  const { level, time, msg, camera_id, service: _service, site: _site, trace_id: _trace, err, ...facts } = line;
  const paint = (colour: Parameters<typeof styleText>[0], text: string) =>
    hasColours ? styleText(colour, text, { validateStream: false }) : text;
  const words = [
    paint('gray', new Date(time).toTimeString().slice(0, 8)),
    paint(COLOURS[level], level.padEnd(5)),
    ...(camera_id === undefined ? [] : [`[${camera_id}]`]),
    err === undefined ? msg : `${msg}: ${describeError(err)}`,
  ];
  const rest = Object.entries(facts).map(([key, value]) => `${paint('gray', `${key}=`)}${formatFact(value)}`);
  return `${words.join(' ')}${rest.length > 0 ? `  ${rest.join(' ')}` : ''}\n`;
}

/** The message, which pino has joined with those of its causes; an error without one shows its code. */
function describeError(error: LoggedError | string): string {
  const text = typeof error === 'string' ? error : error.message || error.code || error.type;
  return (text ?? 'unknown error').replaceAll(/\s*\n\s*/g, ' ');
}

function formatFact(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value);
}
