import { Cell } from './cell.ts';

/** Whether the live stream runs; `lost` carries the time of the next attempt, in milliseconds since the epoch. */
export type Connection =
  | Readonly<{ state: 'connecting' }>
  | Readonly<{ state: 'open' }>
  | Readonly<{ state: 'lost'; retryAt: number }>;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** Called with each message of one event name. */
export type StreamHandlers = Readonly<Record<string, (data: string) => void>>;

/**
 * The server's event stream, reopened whenever it breaks: at once when the browser comes back online, otherwise after 1
 * s, 2 s, 4 s … 15 s. The browser's own reconnection gives up on some answers, so this class does not rely on it.
 */
export class Stream {
  readonly connection = new Cell<Connection>({ state: 'connecting' });
  readonly #address: string;
  readonly #handlers: StreamHandlers;
  readonly #onOpen: () => void;
  #source: EventSource | undefined;
  #timer = 0;
  #failures = 0;

  constructor(address: string, handlers: StreamHandlers, onOpen: () => void) {
    this.#address = address;
    this.#handlers = handlers;
    this.#onOpen = onOpen;
  }

  /** Opens the stream, or tries again now. */
  connect(): void {
    this.close();
    const source = new EventSource(this.#address);
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      this.connection.set({ state: 'open' });
      this.#onOpen();
    };
    source.onerror = () => this.#retry();
    for (const [name, handle] of Object.entries(this.#handlers)) {
      source.addEventListener(name, (message) => handle(String((message as MessageEvent).data)));
    }
  }

  /** Closes it on purpose; `connect` opens it again. */
  pause(): void {
    this.close();
    this.connection.set({ state: 'connecting' });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #retry(): void {
    this.close();
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS);
    this.#failures += 1;
    this.connection.set({ state: 'lost', retryAt: Date.now() + wait });
    this.#timer = window.setTimeout(() => this.connect(), wait);
  }
}
