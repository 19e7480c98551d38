import { type DeadLetterBox, describeCause, type KeptLetter } from '../bus/dead-letters.ts';
import type { Sql } from '../db/sql.ts';

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

/** Dead letters in the database, for one machine. */
export function createDeadLetterTable(sql: Sql): DeadLetterBox {
  const notes = new Set<(cause: string) => void>();
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
      for (const { error } of letters) for (const note of notes) note(describeCause(error).code);
    },
    async watch(note) {
      notes.add(note);
      return {
        async [Symbol.asyncDispose]() {
          notes.delete(note);
        },
      };
    },
    async list() {
      return (await sql.query<Row>(LIST)).map(toLetter);
    },
    async settle(ids) {
      await sql.query('DELETE FROM dead_letters WHERE id = ANY($1::uuid[])', [ids]);
    },
  };
}

function toLetter({ id, at, topic, key, headers, value, error_code: code, error }: Row): KeptLetter {
  return { id, at: at.toISOString(), code, error, message: { topic, key, headers, value } };
}

/** PostgreSQL's text holds every character but this one. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}
