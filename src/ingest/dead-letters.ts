import { AlprError } from '../base/errors.ts';
import type { BusMessage } from '../bus/bus.ts';
import type { Sql } from '../db/sql.ts';

export type DeadLetter = Readonly<{ message: BusMessage; error: unknown }>;

const INSERT = `INSERT INTO dead_letters (topic, key, headers, value, error_code, error)
  VALUES ($1, $2, $3, $4, $5, $6)`;

/** Keeps messages that can never be written: their original bytes and the reason. */
export async function writeDeadLetters(sql: Sql, letters: readonly DeadLetter[]): Promise<void> {
  if (letters.length === 0) return;
  await sql.transaction(async (session) => {
    for (const { message, error } of letters) {
      const code = error instanceof AlprError ? error.code : 'EVENT_INVALID';
      const reason = error instanceof Error ? error.message : String(error);
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
}

/** PostgreSQL's text holds every character but this one. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}
