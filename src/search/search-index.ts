import type { PlateEvent } from '../contract/plate-event.ts';

/** What happened to events: new or with a newer revision, already known, or refused for their content. */
export type Indexed = Readonly<{
  written: number;
  stale: number;
  refused: readonly Readonly<{ id: string; reason: string }>[];
}>;

/** Whether the engine itself deletes old events; in words what was set up, or why not. */
export type Prepared = Readonly<{ retention: 'set' | 'none' | 'unsupported'; detail: string }>;

/** How far a rebuild is: which events are done, in the order of their time and id. */
export type RebuildState = Readonly<{
  run: string;
  startedAt: string;
  done: number;
  at: string | null;
  id: string | null;
}>;

/** The search index of an engine that does not search the database itself. SEARCH_UNAVAILABLE while it is away. */
export interface SearchIndex extends AsyncDisposable {
  /** Sets up template, alias and retention; may be repeated. */
  prepare(): Promise<Prepared>;
  /** Writes events; lower and equal revisions change nothing, so the same events may come again. */
  write(events: readonly PlateEvent[]): Promise<Indexed>;
  /** Writes events over the same revision of them, as when their plates become pseudonyms. */
  replace(events: readonly PlateEvent[]): Promise<Indexed>;
  /** Documents of all events, in the searched index and in a rebuild, and their bytes. */
  measure(): Promise<Readonly<{ count: number; bytes: number }>>;
  /** How many documents there are of these events, ids in lower case. */
  count(ids: readonly string[]): Promise<number>;
  /** Removes the documents of these events; resolves to how many there were. */
  remove(ids: readonly string[]): Promise<number>;
  /** Rewrites the files that hold removed documents, so that their bytes are gone; false when it did not end in time. */
  purge(): Promise<boolean>;
  /** Continues the current rebuild or begins one. The searched index stays unchanged meanwhile. */
  beginRebuild(): Promise<Rebuild>;
}

/** New indices, filled beside the ones that are searched. */
export interface Rebuild {
  readonly state: RebuildState;
  /** Writes events to the new indices and records that all events up to the last one are done. */
  write(events: readonly PlateEvent[], counted: Readonly<{ done: number }>): Promise<Indexed>;
  /** Copies what was indexed in the meantime, switches to the new indices, and deletes the old ones. */
  finish(): Promise<Readonly<{ indices: number; events: number }>>;
}
