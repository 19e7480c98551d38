import type { PlateEvent } from '../contract/plate-event.ts';

/** What became of events: new or of a newer revision, known already, or refused for what they hold. */
export type Indexed = Readonly<{
  written: number;
  stale: number;
  refused: readonly Readonly<{ id: string; reason: string }>[];
}>;

/** Whether the engine itself deletes what is too old; in words what was set up, or why not. */
export type Prepared = Readonly<{ retention: 'set' | 'none' | 'unsupported'; detail: string }>;

/** Where a rebuild stands: which events are done, in the order of their time and id. */
export type RebuildState = Readonly<{
  run: string;
  startedAt: string;
  done: number;
  at: string | null;
  id: string | null;
}>;

/** The search index of an engine that does not search the database itself. SEARCH_UNAVAILABLE while it is away. */
export interface SearchIndex extends AsyncDisposable {
  /** Puts template, alias and retention in place; may be repeated. */
  prepare(): Promise<Prepared>;
  /** Writes events; lower and equal revisions change nothing, so that the same events may come again. */
  write(events: readonly PlateEvent[]): Promise<Indexed>;
  /** Goes on with the rebuild that was begun, or begins one. What is searched stays as it is meanwhile. */
  beginRebuild(): Promise<Rebuild>;
}

/** New indices that are filled beside those that are searched. */
export interface Rebuild {
  readonly state: RebuildState;
  /** Writes events to the new indices and remembers that all up to the last one are done. */
  write(events: readonly PlateEvent[], counted: Readonly<{ done: number }>): Promise<Indexed>;
  /** Takes over what was indexed meanwhile, has the new indices searched instead of the old ones, and deletes these. */
  finish(): Promise<Readonly<{ indices: number; events: number }>>;
}
