import type { PlateEvent } from '../../contract/plate-event.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** What is done for a passage, in the order of its way. `kafka` is the way over a broker, `bus` the one within a process. */
export type StepName =
  | 'passage'
  | 'frame'
  | 'detect'
  | 'track'
  | 'read'
  | 'fuse'
  | 'pictures'
  | 'spool'
  | 'wait'
  | 'publish'
  | 'kafka'
  | 'bus'
  | 'ingest'
  | 'row'
  | 'index'
  | 'alert'
  | 'delivery';

/** One thing that was done, in milliseconds since the epoch. A failure is a code, because a message may name a plate. */
export type Step = Readonly<{
  name: StepName;
  from: number;
  to: number;
  attributes?: Attributes;
  failure?: string | undefined;
  /** Tells it from others of the same name and revision, such as a consumer group or the number of an attempt. */
  part?: string;
}>;

/** W3C Trace Context, as headers of a message. */
export type TraceHeaders = Readonly<{ traceparent: string; tracestate: string }>;

/** What a process knows of the passage that steps belong to. */
export type Noted = Readonly<{
  event: Pick<PlateEvent, 'event_id' | 'revision'>;
  steps: readonly Step[];
  /** The whole event, where what came before may have to be made up from it. Left out where all before is exported. */
  unexported?: PlateEvent | undefined;
  /** Whether the steps are kept for a while where nobody wants them yet. */
  keeps?: boolean;
}>;

/** A request to the API while it is answered. */
export interface RequestTrace {
  /** Runs work of this request: statements that it makes are its children. */
  run<T>(work: () => T): T;
  /** The request is answered. */
  end(answer: Readonly<{ route: string; status: number }>): void;
}

/**
 * The traces of a service. One trace per passage, with the id that src/contract/trace-id.ts says. Steps are noted when they are
 * over; their parent is the passage. Nothing here waits, and nothing throws.
 */
export interface Tracing {
  /** False without a configuration: whoever asks it first makes nothing for spans that nobody sees. */
  readonly isOn: boolean;
  /** Time after which something counts as slow, milliseconds. */
  readonly slowMs: number;
  /**
   * Whether what begins with this id is to be traced: it belongs to the share, and this second has room for one more. To be asked
   * once, where a trace begins; and where nobody said what was decided there.
   */
  samples(id: string): boolean;
  /** Whether what is done for this event is exported: whoever sent it says so, or this process has found a reason. */
  wants(eventId: string): boolean;
  /** Has this event exported from now on, with what this process kept of it. */
  want(eventId: string): void;
  /** Whether the last look at the vehicle, or the making of an event that nobody waited for, is too long ago. */
  isSlow(event: PlateEvent, now: number): boolean;
  note(noted: Noted): void;
  /** For a message about this event; undefined where the event is not exported. */
  headersOf(eventId: string): TraceHeaders | undefined;
  /** Begins the trace of a request, or goes on with the caller's. One about a single event belongs to its passage. */
  beginRequest(
    request: Readonly<{ method: string; traceparent?: string | undefined; eventId?: string | undefined }>,
  ): RequestTrace;
  /** Notes a statement as a child of the request that runs now; undefined where none does. */
  beginStatement(text: string): ((failure?: string) => void) | undefined;
}

const NO_REQUEST: RequestTrace = { run: (work) => work(), end: () => undefined };

/** Where nothing is traced. */
export const NO_TRACING: Tracing = {
  isOn: false,
  slowMs: Number.POSITIVE_INFINITY,
  samples: () => false,
  wants: () => false,
  want: () => undefined,
  isSlow: () => false,
  note: () => undefined,
  headersOf: () => undefined,
  beginRequest: () => NO_REQUEST,
  beginStatement: () => undefined,
};
