/** One PostgreSQL database. Every value is a bound parameter (`$1`); rows are plain objects. */
export interface Sql extends AsyncDisposable {
  /** With a `name`, which stands for exactly this text, each connection prepares the statement once and keeps its plan. */
  query<Row extends object>(text: string, values?: readonly unknown[], name?: string): Promise<readonly Row[]>;
  /** Runs `work` on one connection inside BEGIN … COMMIT; rolls back and rethrows when it throws. */
  transaction<T>(work: (sql: SqlSession) => Promise<T>): Promise<T>;
}

/** One connection inside a transaction. */
export interface SqlSession {
  /** Statements that do not wait for the answers of each other are sent in one go, and run in their order. */
  query<Row extends object>(text: string, values?: readonly unknown[], name?: string): Promise<readonly Row[]>;
  /** COPY … FROM STDIN in text format; `lines` are complete rows with their line ends, or pieces of such a text. */
  copyFrom(statement: string, lines: string | AsyncIterable<Uint8Array>): Promise<void>;
  /** COPY … TO STDOUT: its bytes as they come. */
  copyTo(statement: string): AsyncIterable<Uint8Array>;
}
