import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Victim } from './kept-process.ts';

/** Every so many messages the connection ends before the answer, as if the answer were lost on its way. */
const UNANSWERED = 50;

const told = z.object({
  data: z.object({
    alert_id: z.string(),
    revision: z.int(),
    status: z.enum(['raised', 'corrected', 'withdrawn']),
    rule: z.object({ id: z.string() }),
    passage: z.object({ event_id: z.string() }),
  }),
});
export type Told = Readonly<z.infer<typeof told>['data']>;

/** The other side of a webhook, which dies and comes back and knows messages by their keys alone. */
export class AlertReceiver implements Victim, AsyncDisposable {
  readonly name = 'receiver';
  /** What each key said; a repeat under the same key changes nothing. */
  readonly told = new Map<string, Told>();
  /** Keys that came again with something else in them. */
  readonly changed = new Set<string>();
  repeats = 0;
  #server: Server | undefined;
  #port = 0;
  #isSilent = false;
  #count = 0;

  static async open(): Promise<AlertReceiver> {
    const receiver = new AlertReceiver();
    await receiver.restart();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  async restart(): Promise<void> {
    this.#server = createServer((request, response) => void this.#take(request, response).catch(() => undefined));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
  }

  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  /** Connections are taken, but nothing is answered. */
  async pause(): Promise<void> {
    this.#isSilent = true;
  }

  async resume(): Promise<void> {
    this.#isSilent = false;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (this.#isSilent) return;
    this.#note(String(request.headers['webhook-id']), told.parse(JSON.parse(body)).data);
    this.#count += 1;
    if (this.#count % UNANSWERED === 0) request.socket.destroy();
    else response.end('taken');
  }

  #note(key: string, message: Told): void {
    const before = this.told.get(key);
    if (before) this.repeats += 1;
    if (before && JSON.stringify(before) !== JSON.stringify(message)) this.changed.add(key);
    this.told.set(key, message);
  }
}
