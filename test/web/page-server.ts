import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { GeneratedAccounts } from './generated-accounts.ts';
import type { GeneratedApi } from './generated-api.ts';
import { createBoxes } from './generated-events.ts';
import { drawCameraPicture, drawStoredPicture } from './generated-pictures.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};
const PURPOSE_REQUIRED = { status: 403, body: { code: 'PURPOSE_REQUIRED', message: 'Expected a purpose' } };
const POLICY = "default-src 'self'";

/** Serves the built page under a strict policy together with a generated API, and can vanish and come back. */
export class PageServer implements AsyncDisposable {
  api: GeneratedApi;
  accounts = new GeneratedAccounts();
  readonly #folder: string;
  readonly #streams = new Set<ServerResponse>();
  #server: Server | undefined;
  #port: number;
  #turn = 0;

  /** `folder` holds the built page; port 0 is any free one. */
  constructor(api: GeneratedApi, folder: string, port = 0) {
    this.api = api;
    this.#folder = folder;
    this.#port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Begins anew, with other events and nothing that was done; listens where it did not. */
  async renew(api: GeneratedApi): Promise<void> {
    this.api = api;
    this.accounts = new GeneratedAccounts();
    this.#turn = 0;
    if (this.#server === undefined) await this.start();
  }

  /** Listens; after `stop` on the same port as before. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    this.#server = server;
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Cuts every connection and stops listening. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    this.#streams.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** How many pages listen. */
  get listeners(): number {
    return this.#streams.size;
  }

  /** Moves the camera's picture on and sends the boxes that belong to it. */
  move(turn: number): void {
    this.#turn = turn;
    this.send('boxes', createBoxes(Date.now(), turn));
  }

  /** Sends one message to every page that listens. */
  send(name: 'plate' | 'boxes' | 'camera' | 'gap', value: object): void {
    for (const stream of this.#streams) stream.write(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-security-policy', POLICY);
    const url = new URL(request.url ?? '/', this.url);
    const isOpen = this.accounts.who !== null || url.pathname.startsWith('/auth/') || isFile(url.pathname);
    const wantsPurpose = this.accounts.needsPurpose && this.accounts.purpose === undefined;
    if (wantsPurpose && url.pathname.startsWith('/events')) return sendJson(response, PURPOSE_REQUIRED);
    if (!isOpen) return sendJson(response, { status: 401, body: { code: 'SIGN_IN', message: 'Sign in' } });
    if (url.pathname === '/live') this.#stream(response);
    else if (url.pathname.startsWith('/images/')) await sendPicture(response, drawStoredPicture(url.pathname));
    else if (url.pathname.endsWith('/picture.jpg')) await sendPicture(response, drawCameraPicture(this.#turn));
    else if (/^\/(auth|people|tokens|audit)(\/|$)/.test(url.pathname))
      await this.#answerAccounts(request, response, url);
    else if (!(await this.#sendFile(response, url.pathname))) sendJson(response, this.api.answer(url));
  }

  async #answerAccounts(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { method = 'GET' } = request;
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const isOwn = method === 'GET' || request.headers['x-requested-with'] === 'alpr';
    const sent = { method, path: url.pathname + url.search, body: body === '' ? {} : JSON.parse(body) };
    sendJson(response, isOwn ? this.accounts.answer(sent) : { status: 403, body: { code: 'FORBIDDEN' } });
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }

  async #sendFile(response: ServerResponse, path: string): Promise<boolean> {
    if (!isFile(path)) return false;
    const name = nameFile(path);
    const keep = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    response.writeHead(200, { 'content-type': TYPES[extname(name)], 'cache-control': keep });
    response.end(await readFile(join(this.#folder, name)));
    return true;
  }
}

function isFile(path: string): boolean {
  return TYPES[extname(nameFile(path))] !== undefined && !path.includes('..');
}

function nameFile(path: string): string {
  return path === '/' || path === '/setup' ? 'index.html' : path.slice(1);
}

async function sendPicture(response: ServerResponse, drawing: Promise<Buffer | undefined>): Promise<void> {
  const bytes = await drawing;
  response.writeHead(bytes ? 200 : 404, { 'content-type': 'image/jpeg', 'cache-control': 'no-store' });
  response.end(bytes);
}

function sendJson(response: ServerResponse, { status, body }: Readonly<{ status: number; body: object }>): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
