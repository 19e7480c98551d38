import { codeOf } from '../base/errors.ts';
import type { Sql, SqlSession } from '../db/sql.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';

/** The same database, whose statements are children of the request that runs them: their text, never their values. */
export function traceSql(sql: Sql, tracing: Tracing): Sql {
  if (!tracing.isOn) return sql;
  const watch = async <T>(text: string, work: () => Promise<T>): Promise<T> => {
    const end = tracing.beginStatement(text);
    if (end === undefined) return work();
    try {
      const result = await work();
      end();
      return result;
    } catch (error) {
      end(codeOf(error) || 'INTERNAL');
      throw error;
    }
  };
  const session = (inner: SqlSession): SqlSession => ({
    query: (text, values, name) => watch(text, () => inner.query(text, values, name)),
    copyFrom: (statement, lines) => watch(statement, () => inner.copyFrom(statement, lines)),
    copyTo: (statement) => inner.copyTo(statement),
  });
  return {
    query: (text, values, name) => watch(text, () => sql.query(text, values, name)),
    transaction: (work) => sql.transaction((inner) => work(session(inner))),
    [Symbol.asyncDispose]: () => sql[Symbol.asyncDispose](),
  };
}
