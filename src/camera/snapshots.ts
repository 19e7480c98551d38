import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AlprError } from '../base/errors.ts';
import type { Address } from './address.ts';

const MAX_BYTES = 50_000_000;
const MAX_REDIRECTS = 5;

type Answer = Readonly<{ status: number; reason: string; headers: IncomingMessage['headers']; body: Uint8Array }>;

/** Asks a camera for single pictures by HTTP, with the credentials of its address by Basic or Digest (RFC 7616, MD5). */
export class SnapshotClient {
  readonly #url: URL;
  readonly #username: string | undefined;
  readonly #password: string;
  #challenge: string | undefined;
  #count = 0;

  constructor({ url, username, password }: Address) {
    this.#url = new URL(url);
    this.#username = username ?? (decodeURIComponent(this.#url.username) || undefined);
    this.#password = username === undefined ? decodeURIComponent(this.#url.password) : (password ?? '');
    this.#url.username = '';
    this.#url.password = '';
  }

  /** One picture, encoded; undefined when what comes is none, such as a stream. Rejects when the camera gives an error. */
  async take(signal: AbortSignal): Promise<Uint8Array | undefined> {
    let answer = await this.#ask(this.#url, signal);
    if (answer?.status === 401 && this.#username !== undefined) {
      this.#challenge = [answer.headers['www-authenticate']].flat().join(', ');
      this.#count = 0;
      answer = await this.#ask(this.#url, signal);
    }
    if (answer === undefined) return undefined;
    if (answer.status !== 200)
      throw new AlprError('IMAGE_INVALID', `Server returned ${answer.status} ${answer.reason}`);
    return answer.body;
  }

  async #ask(url: URL, signal: AbortSignal, redirects = 0): Promise<Answer | undefined> {
    const { request } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
    const authorization = url.host === this.#url.host ? this.#authorize(url) : undefined;
    // Cameras have certificates of their own making, as ffmpeg takes them too.
    const options = { signal, rejectUnauthorized: false, headers: authorization ? { authorization } : {} };
    const response = await new Promise<IncomingMessage>((resolve, reject) =>
      request(url, options, resolve).on('error', reject).end(),
    );
    const { statusCode: status = 0, statusMessage: reason = '', headers } = response;
    if (status >= 300 && status < 400 && headers.location && redirects < MAX_REDIRECTS) {
      response.destroy();
      return this.#ask(new URL(headers.location, url), signal, redirects + 1);
    }
    if (status === 200 && !/^image\//i.test(headers['content-type'] ?? '')) {
      response.destroy();
      return undefined;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new AlprError('IMAGE_INVALID', `The picture has more than ${MAX_BYTES} bytes`);
    }
    return { status, reason, headers, body: Buffer.concat(chunks) };
  }

  #authorize(url: URL): string | undefined {
    if (this.#challenge === undefined || this.#username === undefined) return undefined;
    const find = (name: string) => new RegExp(`\\b${name}=(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(this.#challenge ?? '');
    const nonce = find('nonce')?.[1];
    if (!/\bdigest\b/i.test(this.#challenge) || nonce === undefined) {
      return `Basic ${Buffer.from(`${this.#username}:${this.#password}`).toString('base64')}`;
    }
    const realm = find('realm')?.[1] ?? '';
    const uri = `${url.pathname}${url.search}`;
    const secret = md5(`${this.#username}:${realm}:${this.#password}`);
    const action = md5(`GET:${uri}`);
    const fields = [`username="${this.#username}"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${uri}"`];
    const opaque = find('opaque')?.[1];
    if (opaque !== undefined) fields.push(`opaque="${opaque}"`);
    if (find('qop') === null) fields.push(`response="${md5(`${secret}:${nonce}:${action}`)}"`);
    else {
      this.#count += 1;
      const count = this.#count.toString(16).padStart(8, '0');
      const cnonce = randomBytes(8).toString('hex');
      const response = md5(`${secret}:${nonce}:${count}:${cnonce}:auth:${action}`);
      fields.push(`qop=auth`, `nc=${count}`, `cnonce="${cnonce}"`, `response="${response}"`);
    }
    return `Digest ${fields.join(', ')}`;
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
