import { AlprError } from '../base/errors.ts';
import type { BusMessage } from '../bus/bus.ts';
import type { Sql } from '../db/sql.ts';

/** A message that can never be handled, and why. */
export type DeadLetter = Readonly<{ message: BusMessage; error: unknown }>;

/** Keeps messages that can never be written: with their original bytes, headers and origin, and the reason. */
export interface DeadLetters {
  keep(letters: readonly DeadLetter[]): Promise<void>;
}

/** A dead letter as it is kept. */
export type KeptLetter = Readonly<{
  id: string;
  /** When it was put among the dead letters, ISO 8601. */
  at: string;
  /** Code and sentence of what is wrong with it. */
  code: string;
  error: string;
  /** Bytes that were too many for the box: the message has none then, and lies at its origin as long as its topic keeps it. */
  leftOutBytes?: number;
  /** The message as it came; its origin where the bus has such. */
  message: BusMessage;
}>;

/** Dead letters that somebody has to decide on. */
export interface DeadLetterBox extends DeadLetters {
  /** All that are not yet settled, oldest first. */
  list(): Promise<readonly KeptLetter[]>;
  /** Takes letters out of the box: they were handed in again, or are not wanted. */
  settle(ids: readonly string[], how: 'replayed' | 'dropped'): Promise<void>;
}

const INSERT = `INSERT INTO dead_letters (topic, key, headers, value, error_code, error)
  VALUES ($1, $2, $3, $4, $5, $6)`;

const LIST = `SELECT id, at, topic, key, headers, value, error_code, error FROM dead_letters ORDER BY at, id`;

type Row = Readonly<{
  id: string;
  at: Date;
  topic: string;
  key: string;
  headers: Record<string, string>;
  value: Buffer;
  error_code: string;
  error: string;
}>;

/** Dead letters in the database, for one machine; `onKept` is told the code of each that was put there. */
export function createDeadLetterTable(sql: Sql, onKept?: (code: string) => void): DeadLetterBox {
  return {
    async keep(letters) {
      if (letters.length === 0) return;
      await sql.transaction(async (session) => {
        for (const { message, error } of letters) {
          const { code, reason } = describeCause(error);
          await session.query(INSERT, [
            withoutNul(message.topic),
            withoutNul(message.key),
            withoutNul(JSON.stringify(message.headers)).replaceAll('\\u0000', ''),
            Buffer.from(message.value),
            code,
            withoutNul(reason),
          ]);
        }
      });
      if (onKept) for (const { error } of letters) onKept(describeCause(error).code);
    },
    async list() {
      return (await sql.query<Row>(LIST)).map(toLetter);
    },
    async settle(ids) {
      await sql.query('DELETE FROM dead_letters WHERE id = ANY($1::uuid[])', [ids]);
    },
  };
}

/** Code and sentence of what made a message a dead letter. */
export function describeCause(error: unknown): Readonly<{ code: string; reason: string }> {
  const code = error instanceof AlprError ? error.code : 'EVENT_INVALID';
  return { code, reason: error instanceof Error ? error.message : String(error) };
}

function toLetter({ id, at, topic, key, headers, value, error_code: code, error }: Row): KeptLetter {
  return { id, at: at.toISOString(), code, error, message: { topic, key, headers, value } };
}

/** PostgreSQL's text holds every character but this one. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}
