import type { Decided, Decision, Queue } from '../../contract/api/review.ts';
import { Cell } from '../data/cell.ts';
import { RequestError } from '../data/request.ts';

/** A read to be decided on; `decided` is what the same person decided before coming back to it. */
export type QueuedRead = Queue['reads'][number] & Readonly<{ decided?: Decision['action'] }>;

type WithoutRevision<T> = T extends unknown ? Omit<T, 'revision'> : never;

/** A decision on the read that lies on the desk. */
export type DeskDecision = WithoutRevision<Decision>;

/** What lies on the desk: the first read is the one to decide on. */
export type DeskState = Readonly<{
  reads: readonly QueuedRead[];
  /** How many wait altogether, undefined until the first answer. */
  waiting: number | undefined;
  /** How many were decided here. */
  done: number;
  skipped: number;
  canGoBack: boolean;
  /** Why a request failed; `event` is the read whose decision was not taken. */
  trouble?: Readonly<{ error: unknown; event?: string }>;
}>;

/** How the desk reaches the API. */
export type DeskApi = Readonly<{
  take: (limit: number) => Promise<Queue>;
  decide: (id: string, decision: Decision) => Promise<Decided>;
}>;

type Past = { read: QueuedRead; settled: Promise<void> };
type Sending = Readonly<{ past: Past; before: QueuedRead; decision: Decision }>;

/** The next reads are fetched while so many are still there. */
const FEW = 6;
const PAGE = 12;
const MOST = 50;

/** Reviews one read after the other: the next one is there at once, and decisions are sent in the background. */
export class Desk {
  readonly state = new Cell<DeskState>({ reads: [], waiting: undefined, done: 0, skipped: 0, canGoBack: false });
  readonly #api: DeskApi;
  readonly #skipped = new Set<string>();
  readonly #handled = new Set<string>();
  readonly #past: Past[] = [];
  #isTaking = false;

  constructor(api: DeskApi) {
    this.#api = api;
  }

  /** Fetches reads, which also keeps those on the desk for this person. */
  async take(): Promise<void> {
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      const { reads, waiting } = await this.#api.take(Math.min(MOST, PAGE + this.#skipped.size));
      const known = new Set(this.state.value.reads.map(({ event }) => event.event_id));
      const fresh = reads.filter(({ event: { event_id: id } }) => !known.has(id) && !this.#isPast(id));
      this.#change({ reads: [...this.state.value.reads, ...fresh], waiting });
    } catch (error) {
      this.#change({ trouble: { error }, waiting: this.state.value.waiting ?? 0 });
    }
    this.#isTaking = false;
  }

  /** Decides on the first read and puts the next one in its place. */
  decide(decision: DeskDecision): void {
    const [read, ...reads] = this.state.value.reads;
    if (read === undefined) return;
    const { event_id: id, revision } = read.event;
    this.#handled.add(id);
    const past: Past = { read: { ...read, decided: decision.action }, settled: Promise.resolve() };
    past.settled = this.#send({ past, before: read, decision: { ...decision, revision } });
    this.#past.push(past);
    this.#change({ reads, ...this.#countDone(read, 1) });
    this.#takeIfFew();
  }

  /** Leaves the first read undecided. */
  skip(): void {
    const [read, ...reads] = this.state.value.reads;
    if (read === undefined) return;
    if (read.decided === undefined) this.#skipped.add(read.event.event_id);
    this.#past.push({ read, settled: Promise.resolve() });
    this.#change({ reads });
    this.#takeIfFew();
  }

  /** Offers what was skipped once more. */
  async takeSkipped(): Promise<void> {
    this.#skipped.clear();
    this.#change({});
    await this.take();
  }

  /** Puts the last read back on the desk. What was decided stands until another decision replaces it. */
  async goBack(): Promise<void> {
    const past = this.#past.pop();
    this.#change({});
    if (past === undefined) return;
    await past.settled;
    const { event_id: id } = past.read.event;
    this.#skipped.delete(id);
    const others = this.state.value.reads.filter(({ event }) => event.event_id !== id);
    this.#change({ reads: [past.read, ...others] });
  }

  /** The person has seen what went wrong. */
  forgive(): void {
    const { trouble: _, ...state } = this.state.value;
    this.state.set(state);
  }

  async #send({ past, before, decision }: Sending): Promise<void> {
    const { event_id: id } = before.event;
    try {
      const { event } = await this.#api.decide(id, decision);
      past.read = { ...past.read, event };
      if (this.state.value.reads.length === 0) void this.take();
    } catch (error) {
      past.read = before;
      const index = this.#past.indexOf(past);
      if (index >= 0) this.#past.splice(index, 1);
      // Somebody else has decided: the read is theirs now. Otherwise it comes back to be decided again.
      const isTaken = error instanceof RequestError && (error.code === 'CONFLICT' || error.code === 'NOT_FOUND');
      const { reads } = this.state.value;
      const isBack = isTaken || index < 0;
      if (!isTaken) this.#handled.delete(id);
      const counted = isTaken ? {} : this.#countDone(before, -1);
      this.#change({ reads: isBack ? reads : [before, ...reads], ...counted, trouble: { error, event: id } });
    }
  }

  #countDone({ decided }: QueuedRead, by: 1 | -1): Pick<DeskState, 'done' | 'waiting'> {
    const { done, waiting = 0 } = this.state.value;
    return decided === undefined ? { done: done + by, waiting: Math.max(0, waiting - by) } : { done, waiting };
  }

  #isPast(id: string): boolean {
    return this.#handled.has(id) || this.#skipped.has(id);
  }

  #takeIfFew(): void {
    if (this.state.value.reads.length < FEW) void this.take();
  }

  #change(part: Partial<DeskState>): void {
    const kept = { skipped: this.#skipped.size, canGoBack: this.#past.length > 0 };
    this.state.set({ ...this.state.value, ...part, ...kept });
  }
}
