import type { Config } from '../../app/config.ts';
import { type DeadLetterReplay, openDeadLetterReplay } from '../../app/open-dead-letter-replay.ts';
import { AlprError, ERROR_CODES } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import type { KeptLetter } from '../../bus/dead-letters.ts';
import { formatColumns } from '../format-columns.ts';

/** Which letters: those named, or all, or all with one code. */
export type LetterChoice = Readonly<{ all?: boolean; code?: string }>;
export type ListFlags = Readonly<{ json?: boolean; code?: string }>;

const ERROR_WIDTH = 60;
const SHOWN_BYTES = 4096;
const LEFT_OUT =
  'their bytes were too many for the topic of dead letters and lie on the topic, partition and offset that their ids name';

/** Prints the dead letters that nobody has decided on, as a table or one line of JSON each. */
export async function listDeadLetters(config: Config, flags: ListFlags): Promise<void> {
  await using replay = await openReplay(config);
  const all = await replay.box.list();
  requireKnown(flags.code, all);
  const letters = all.filter(({ code }) => flags.code === undefined || code === flags.code);
  if (flags.json) {
    for (const letter of letters) print(JSON.stringify(describeLetter(letter)));
    return;
  }
  if (letters.length === 0) {
    print('No dead letters.');
    return;
  }
  const heads = ['id', 'at', 'code', 'key', 'bytes', 'error'];
  print(formatColumns([heads, ...letters.map(formatRow)]));
  const causes = Object.entries(Object.groupBy(letters, ({ code }) => code));
  print(`\n${letters.length} in all: ${causes.map(([code, of]) => `${of?.length ?? 0} ${code}`).join(', ')}`);
}

/** Prints one dead letter with its headers and bytes. */
export async function showDeadLetter(config: Config, id: string, flags: Readonly<{ json?: boolean }>): Promise<void> {
  await using replay = await openReplay(config);
  const [letter] = await chooseLetters(replay, [id], {});
  if (!letter) return;
  await replay.record({ action: 'view', operation: 'dlq show', query: { id } });
  const described = describeLetter(letter);
  if (flags.json) {
    print(JSON.stringify({ ...described, value: Buffer.from(letter.message.value).toString('base64') }));
    return;
  }
  const facts = Object.entries(described).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value ?? '–'),
  ]);
  print(formatColumns(facts));
  print(`\n${formatBytes(letter.message.value)}`);
}

/** Hands letters in again as they came, and takes them out of the box. What is still no event becomes a new letter. */
export async function replayDeadLetters(config: Config, ids: readonly string[], choice: LetterChoice): Promise<void> {
  await using replay = await openReplay(config);
  const letters = await chooseLetters(replay, ids, choice);
  await replay.record({
    action: 'change',
    operation: 'dlq replay',
    query: { ...choice, ids },
    results: letters.length,
  });
  const { taken, refused, withoutBytes } = await replay.handIn(letters);
  print(`${taken} handed in again.`);
  if (refused > 0) print(`${refused} stay: the broker refuses them as they are.`);
  if (withoutBytes > 0) print(`${withoutBytes} stay: ${LEFT_OUT}.`);
}

/** Takes letters out of the box for good. */
export async function dropDeadLetters(config: Config, ids: readonly string[], choice: LetterChoice): Promise<void> {
  await using replay = await openReplay(config);
  const letters = await chooseLetters(replay, ids, choice);
  const chosen = letters.map(({ id }) => id);
  await replay.record({ action: 'change', operation: 'dlq drop', query: { ...choice, ids }, results: letters.length });
  await replay.box.settle(chosen, 'dropped');
  print(`${letters.length} dropped.`);
}

function openReplay(config: Config): Promise<DeadLetterReplay> {
  return openDeadLetterReplay(config, createLog({ ...config.log, level: 'warn' }));
}

async function chooseLetters(replay: DeadLetterReplay, ids: readonly string[], choice: LetterChoice) {
  const wantsAll = choice.all === true || choice.code !== undefined;
  if (wantsAll === ids.length > 0) {
    throw new AlprError('INPUT_INVALID', 'Expected either ids of dead letters or --all, alone or with --code');
  }
  const letters = await replay.box.list();
  requireKnown(choice.code, letters);
  if (wantsAll) return letters.filter(({ code }) => choice.code === undefined || code === choice.code);
  const missing = ids.filter((id) => !letters.some((letter) => letter.id === id));
  if (missing.length > 0) {
    throw new AlprError('NOT_FOUND', `No dead letter ${missing.join(', ')}; alpr dlq list shows those there are`);
  }
  return letters.filter(({ id }) => ids.includes(id));
}

/** A code that no dead letter can have is a mistake; one that none has now is not. */
function requireKnown(code: string | undefined, letters: readonly KeptLetter[]): void {
  if (code === undefined || code in ERROR_CODES) return;
  const there = [...new Set(letters.map((letter) => letter.code))];
  const known = there.length > 0 ? there : ['EVENT_INVALID', 'SCHEMA_UNKNOWN'];
  throw new AlprError('INPUT_INVALID', `Expected the code of a dead letter (${known.join(', ')}), got "${code}"`);
}

function describeLetter({ id, at, code, error, leftOutBytes, message }: KeptLetter) {
  const { topic, key, headers, value, origin } = message;
  const offset = origin ? Number(origin.offset) : null;
  return {
    id,
    at,
    code,
    error,
    topic,
    partition: origin?.partition ?? null,
    offset,
    key,
    headers,
    bytes: leftOutBytes ?? value.length,
    ...(leftOutBytes !== undefined && { left_out: true }),
  };
}

function formatRow({ id, at, code, error, leftOutBytes, message }: KeptLetter): readonly string[] {
  const line = error.replaceAll(/\s+/g, ' ');
  const short = line.length > ERROR_WIDTH ? `${line.slice(0, ERROR_WIDTH - 1)}…` : line;
  return [id, at, code, message.key, String(leftOutBytes ?? message.value.length), short];
}

/** Text as it is; other bytes as lines of hexadecimal digits. */
function formatBytes(value: Uint8Array): string {
  const shown = value.subarray(0, SHOWN_BYTES);
  const rest = value.length > shown.length ? `\n… ${value.length - shown.length} more bytes; --json gives all` : '';
  const text = Buffer.from(shown).toString('utf8');
  if (/^[\P{Cc}\s]*$/u.test(text) && !text.includes('\ufffd')) return text + rest;
  const lines = Array.from({ length: Math.ceil(shown.length / 16) }, (_, line) =>
    shown.subarray(16 * line, 16 * (line + 1)),
  );
  const formatLine = (bytes: Uint8Array, line: number) =>
    `${(16 * line).toString(16).padStart(6, '0')}  ${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
  return lines.map(formatLine).join('\n') + rest;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
