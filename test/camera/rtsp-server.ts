import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { type Clip, packetise } from './rtsp-clip.ts';

export type RtspServerOptions = Readonly<{
  clip: Clip;
  port?: number;
  auth?: Readonly<{ scheme: 'basic' | 'digest'; username: string; password: string }>;
}>;

type Request = Readonly<{ method: string; url: string; headers: ReadonlyMap<string, string> }>;

const FPS = 30;
const REALM = 'test camera';

/** A camera that plays a clip for ever by RTSP over TCP (RFC 2326), and can be made to misbehave. */
export class RtspServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #auth: RtspServerOptions['auth'];
  readonly #sockets = new Set<Socket>();
  readonly #nonce = randomBytes(8).toString('hex');
  #clip: Clip;
  #stalled = false;
  /** Requests by their method, refused ones too. */
  readonly seen: string[] = [];

  private constructor(options: RtspServerOptions) {
    this.#clip = options.clip;
    this.#auth = options.auth;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async open(options: RtspServerOptions): Promise<RtspServer> {
    const server = new RtspServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Sends no more pictures, but keeps the connections. */
  stall(): void {
    this.#stalled = true;
  }

  resume(): void {
    this.#stalled = false;
  }

  /** Goes on with another clip, perhaps of another size. */
  play(clip: Clip): void {
    this.#clip = clip;
  }

  /** Cuts all connections and goes on listening. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Vanishes: cuts all connections and frees the port. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.drop();
    await closed;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let text = '';
    let timer: NodeJS.Timeout | undefined;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearInterval(timer);
      this.#sockets.delete(socket);
    });
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        // What a client sends on the interleaved channels (receiver reports) comes between the requests.
        const request = parseRequest(text.slice(0, end));
        text = text.slice(end + 4);
        if (request && this.#answer(socket, request)) timer ??= this.#startSending(socket);
      }
    });
  }

  /** Whether the stream is to be sent from now on. */
  #answer(socket: Socket, request: Request): boolean {
    this.seen.push(request.method);
    const reply = (status: string, lines: readonly string[] = [], body = '') => {
      const length = body ? [`Content-Length: ${body.length}`] : [];
      const head = [`RTSP/1.0 ${status}`, `CSeq: ${request.headers.get('cseq')}`, 'Session: 4711', ...lines, ...length];
      socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    };
    if (request.method === 'OPTIONS') reply('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN']);
    else if (!this.#allows(request)) reply('401 Unauthorized', [this.#challenge()]);
    else if (!request.url.includes('/live')) reply('404 Not Found');
    else if (request.method === 'DESCRIBE') {
      reply('200 OK', ['Content-Type: application/sdp', `Content-Base: ${request.url}/`], describe(this.#clip));
    } else if (request.method === 'SETUP') reply('200 OK', ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1']);
    else if (request.method === 'PLAY') {
      reply('200 OK', ['Range: npt=0.000-']);
      return true;
    } else reply('200 OK');
    return false;
  }

  #startSending(socket: Socket): NodeJS.Timeout {
    const clock = { sequence: 0, timestamp: 0 };
    let picture = 0;
    let clip = this.#clip;
    return setInterval(() => {
      if (this.#stalled) return;
      if (clip !== this.#clip) picture = 0;
      clip = this.#clip;
      for (const packet of packetise(clip.pictures[picture % clip.pictures.length] ?? [], clock)) socket.write(packet);
      clock.timestamp += 90_000 / FPS;
      picture++;
    }, 1000 / FPS);
  }

  #challenge(): string {
    return this.#auth?.scheme === 'digest'
      ? `WWW-Authenticate: Digest realm="${REALM}", nonce="${this.#nonce}"`
      : `WWW-Authenticate: Basic realm="${REALM}"`;
  }

  #allows(request: Request): boolean {
    if (!this.#auth) return true;
    const { scheme, username, password } = this.#auth;
    const given = request.headers.get('authorization') ?? '';
    if (scheme === 'basic') return given === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(given)?.[1];
    const secret = md5(`${username}:${REALM}:${password}`);
    return field('response') === md5(`${secret}:${this.#nonce}:${md5(`${request.method}:${field('uri')}`)}`);
  }
}

function parseRequest(text: string): Request | undefined {
  const begin = text.search(/(OPTIONS|DESCRIBE|SETUP|PLAY|TEARDOWN|GET_PARAMETER) rtsp/);
  if (begin < 0) return undefined;
  const [first = '', ...lines] = text.slice(begin).split('\r\n');
  const [method = '', url = ''] = first.split(' ');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { method, url, headers: new Map(headers) };
}

function describe({ sps, pps }: Clip): string {
  const sets = `${sps.toString('base64')},${pps.toString('base64')}`;
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=test',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    'm=video 0 RTP/AVP 96',
    'a=rtpmap:96 H264/90000',
    `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${sets}`,
    'a=control:track1',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
