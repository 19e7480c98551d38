import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { rootSpanIdOf, traceIdOf } from '../../contract/trace-id.ts';
import type { Span } from './span.ts';
import { parseParent } from './trace-context.ts';
import type { RequestTrace, Tracing } from './tracing.ts';

type Options = Readonly<{
  samples: (id: string) => boolean;
  slowRequestMs: number;
  wants: (eventId: string) => boolean;
  add: (spans: readonly Span[]) => void;
}>;

type Asked = Parameters<Tracing['beginRequest']>[0];
type Statement = Readonly<{ text: string; from: number; to: number; failure: string | undefined }>;

/** Statements of one request that become spans; those after them are counted. */
const MOST_STATEMENTS = 64;
const MOST_TEXT = 2000;

/** The traces of requests: what a request asked of the database is a child of it. */
export class RequestTraces {
  readonly #options: Options;
  readonly #current = new AsyncLocalStorage<Request>();

  constructor(options: Options) {
    this.#options = options;
  }

  begin(service: string, asked: Asked): RequestTrace {
    const request = new Request(service, asked, this.#options);
    return {
      run: (work) => this.#current.run(request, work),
      end: (answer) => request.end(answer),
    };
  }

  beginStatement(text: string): ((failure?: string) => void) | undefined {
    const request = this.#current.getStore();
    if (request === undefined) return undefined;
    const [from, started] = [Date.now(), performance.now()];
    return (failure) => request.add({ text, from, to: from + performance.now() - started, failure });
  }
}

class Request {
  readonly #service: string;
  readonly #asked: Asked;
  readonly #options: Options;
  readonly #from = Date.now();
  readonly #started = performance.now();
  readonly #statements: Statement[] = [];
  #left = 0;
  #isOver = false;

  constructor(service: string, asked: Asked, options: Options) {
    this.#service = service;
    this.#asked = asked;
    this.#options = options;
  }

  add(statement: Statement): void {
    // Work that a request began may go on after its answer.
    if (this.#isOver) return;
    if (this.#statements.length < MOST_STATEMENTS) this.#statements.push(statement);
    else this.#left += 1;
  }

  end({ route, status }: Parameters<RequestTrace['end']>[0]): void {
    this.#isOver = true;
    const { method, eventId } = this.#asked;
    const ms = performance.now() - this.#started;
    const parent = this.#findParent({ isForced: status >= 500 || ms > this.#options.slowRequestMs, status });
    if (parent === undefined) return;
    const common = { traceId: parent.traceId, service: this.#service };
    const id = makeId(8);
    const left = this.#left > 0 ? { 'alpr.statements_left_out': this.#left } : {};
    const root: Span = {
      ...common,
      id,
      parentId: parent.spanId,
      name: `${method} ${route}`,
      kind: 'server',
      from: this.#from,
      to: this.#from + ms,
      attributes: {
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': status,
        ...(eventId !== undefined && { 'alpr.event_id': eventId }),
        ...left,
      },
      failure: status >= 500 ? String(status) : undefined,
      ...(parent.link && { link: parent.link }),
    };
    this.#options.add([root, ...this.#statements.map((one) => toStatementSpan(one, { ...common, parentId: id }))]);
  }

  /** Where the span of this request belongs; undefined where nobody wants it. */
  #findParent({ isForced, status }: Readonly<{ isForced: boolean; status: number }>) {
    const { traceparent, eventId } = this.#asked;
    const caller = parseParent(traceparent);
    // Whoever is not let in decides nothing here.
    if (caller) return isForced || (caller.isSampled && status < 400) ? { ...caller, link: undefined } : undefined;
    const passage = eventId === undefined ? undefined : passageOf(traceIdOf(eventId));
    const { wants, samples } = this.#options;
    // What the edge decided no other process knows: most likely that the passage is of the share.
    if (passage && eventId !== undefined && (wants(eventId) || samples(eventId)))
      return { ...passage, link: undefined };
    const traceId = makeId(16);
    if (!isForced && (passage || !samples(traceId))) return undefined;
    // The passage has no exported root that this could hang on.
    return { traceId, spanId: undefined, link: passage };
  }
}

function toStatementSpan(
  { text, from, to, failure }: Statement,
  common: Readonly<{ traceId: string; service: string; parentId: string }>,
): Span {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return {
    ...common,
    id: makeId(8),
    name: `SQL ${/^\w+/.exec(line)?.[0]?.toUpperCase() ?? ''}`.trim(),
    kind: 'client',
    from,
    to,
    attributes: { 'db.system.name': 'postgresql', 'db.query.text': line.slice(0, MOST_TEXT) },
    failure,
  };
}

function passageOf(traceId: string): Readonly<{ traceId: string; spanId: string }> {
  return { traceId, spanId: rootSpanIdOf(traceId) };
}

function makeId(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
