import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { z } from 'zod';
import { codeOf, messageOf } from '../../base/errors.ts';
import {
  type ClientOptions,
  type Fault,
  faultOf,
  isModelMissing,
  type KServeClient,
  MOST_BYTES,
  type ServedModel,
  type WireTensor,
} from './client.ts';

const HEAD_LENGTH = 'inference-header-content-length';

const tensorInfo = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });
const modelSchema = z.object({ inputs: z.array(tensorInfo), outputs: z.array(tensorInfo) });
const serverSchema = z.object({ name: z.string(), version: z.string() });
const binary = z.object({ binary_data_size: z.int().min(0) });
const answerSchema = z.object({ outputs: z.array(tensorInfo.extend({ parameters: binary })) });

type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>;

/** KServe v2 over HTTP with its extension for binary tensors. */
export class HttpClient implements KServeClient {
  readonly #options: ClientOptions;
  readonly #base: string;
  readonly #agent: http.Agent;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#base = options.url.replace(/\/+$/, '');
    const { Agent } = this.#isSecure ? https : http;
    this.#agent = new Agent({ keepAlive: true, ...(options.ca && { ca: options.ca }) });
  }

  async describeServer() {
    return this.#parse(serverSchema, (await this.#ask('/v2')).body, 'name and version');
  }

  async describeModel(model: string): Promise<ServedModel> {
    const { body } = await this.#ask(`/v2/models/${encodeURIComponent(model)}`);
    return this.#parse(modelSchema, body, `inputs and outputs of ${model}`);
  }

  async isReady(model: string): Promise<boolean> {
    const paths = ['/v2/health/ready', `/v2/models/${encodeURIComponent(model)}/ready`];
    const answers = await Promise.all(paths.map((path) => this.#exchange(path)));
    return answers.every(({ status }) => status === 200);
  }

  async infer(model: string, inputs: readonly WireTensor[], outputs: readonly string[]) {
    const head = Buffer.from(
      JSON.stringify({
        inputs: inputs.map(({ data, ...info }) => ({ ...info, parameters: { binary_data_size: data.byteLength } })),
        outputs: outputs.map((name) => ({ name, parameters: { binary_data: true } })),
      }),
    );
    const parts = [head, ...inputs.map(({ data }) => data)];
    const answer = await this.#ask(`/v2/models/${encodeURIComponent(model)}/infer`, parts, {
      'content-type': 'application/octet-stream',
      [HEAD_LENGTH]: String(head.length),
    });
    return this.#split(answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
  }

  get #isSecure(): boolean {
    return this.#options.url.startsWith('https:');
  }

  #fault(fault: Fault, what: string, cause?: unknown) {
    return faultOf(fault, this.#options.url, what, cause);
  }

  /** The tensors behind the JSON: each has as many bytes as the JSON says. */
  #split({ headers, body }: Answer): readonly WireTensor[] {
    const length = Number(headers[HEAD_LENGTH]);
    if (!(length > 0 && length <= body.length)) {
      throw this.#fault(
        'failed',
        `answers without ${HEAD_LENGTH}: expected a server with binary tensors, such as Triton`,
      );
    }
    const { outputs } = this.#parse(answerSchema, body.subarray(0, length), 'binary outputs');
    let from = length;
    const tensors = outputs.map(({ parameters, ...info }) => {
      const to = from + parameters.binary_data_size;
      const data = body.subarray(from, to);
      from = to;
      return { ...info, data };
    });
    if (from !== body.length) {
      throw this.#fault(
        'failed',
        `answers with ${body.length - length} bytes of tensors, expected the ${from - length} it names`,
      );
    }
    return tensors;
  }

  #parse<T>(schema: z.ZodType<T>, body: Buffer, expected: string): T {
    const parsed = schema.safeParse(parseJson(body));
    if (parsed.success) return parsed.data;
    const said = quote(body);
    throw this.#fault('failed', `does not answer as KServe v2 has it: expected ${expected}, got ${said || 'nothing'}`);
  }

  async #ask(path: string, parts?: readonly Uint8Array[], headers?: Readonly<Record<string, string>>): Promise<Answer> {
    const answer = await this.#exchange(path, parts, headers);
    const { status, body } = answer;
    if (status === 200) return answer;
    const said = `answers ${path} with status ${status}: ${quote(body) || 'nothing'}`;
    if (status === 401 || status === 403) throw this.#fault('away', `${said}; set models.server.token`);
    if (status === 404 || isModelMissing(said)) throw this.#fault('away', `${said}; load the model there`);
    if (status === 429 || (status >= 502 && status <= 504)) throw this.#fault('away', said);
    throw this.#fault(status >= 400 && status < 500 ? 'refused' : 'failed', said);
  }

  async #exchange(path: string, parts: readonly Uint8Array[] = [], headers = {}, isFresh = false): Promise<Answer> {
    const { deadlineMs } = this.#options;
    const signal = AbortSignal.timeout(deadlineMs);
    let isReused = false;
    try {
      const response = await this.#send({ path, parts, headers, signal, onReused: () => (isReused = true) });
      return { status: response.statusCode ?? 0, headers: response.headers, body: await this.#readBody(response) };
    } catch (error) {
      // The server may close a connection at the moment at which it is used again.
      if (isReused && !isFresh && !signal.aborted && /ECONNRESET|EPIPE/.test(codeOf(error)))
        return this.#exchange(path, parts, headers, true);
      if (codeOf(error) === 'INFERENCE_FAILED') throw error;
      const why = signal.aborted ? `within ${deadlineMs} ms` : `(${messageOf(error) || codeOf(error)})`;
      throw this.#fault('away', `does not answer ${why}`, error);
    }
  }

  #send(request: {
    path: string;
    parts: readonly Uint8Array[];
    headers: Readonly<Record<string, string>>;
    signal: AbortSignal;
    onReused: () => void;
  }): Promise<IncomingMessage> {
    const { path, parts, headers, signal, onReused } = request;
    const { token } = this.#options;
    const length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const options = {
      method: parts.length > 0 ? 'POST' : 'GET',
      headers: {
        ...headers,
        ...(parts.length > 0 && { 'content-length': length }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      agent: this.#agent,
      signal,
    };
    return new Promise((resolve, reject) => {
      const sent = (this.#isSecure ? https : http).request(`${this.#base}${path}`, options, resolve);
      sent.on('error', (error) => {
        if (sent.reusedSocket) onReused();
        reject(error);
      });
      for (const part of parts) sent.write(part);
      sent.end();
    });
  }

  async #readBody(response: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw this.#fault('failed', `answers with more than ${MOST_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** The beginning of what a server said, on one line. */
function quote(body: Buffer): string {
  const parsed = z.object({ error: z.string() }).safeParse(parseJson(body));
  const text = parsed.success ? parsed.data.error : body.subarray(0, 400).toString();
  return text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200);
}
