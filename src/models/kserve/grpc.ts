import { loadSync, type MethodDefinition } from '@grpc/proto-loader';
import { Client, credentials, Metadata, type ServiceError, status } from '../../base/grpc.ts';
import {
  type ClientOptions,
  type Fault,
  faultOf,
  isModelMissing,
  type KServeClient,
  MOST_BYTES,
  type ServedModel,
  type TensorInfo,
  type WireTensor,
} from './client.ts';

const SERVICE = 'inference.GRPCInferenceService';
const PROTO = new URL('kserve.proto', import.meta.url).pathname;

/** A channel that has lost its server tries again after so long at most, milliseconds; gRPC itself would wait two minutes. */
const RECONNECT_MS = 2000;

type InferAnswer = Readonly<{ outputs: readonly TensorInfo[]; raw_output_contents: readonly Uint8Array[] }>;

/** KServe v2 over gRPC with raw tensors. */
export class GrpcClient implements KServeClient {
  readonly #options: ClientOptions;
  readonly #client: Client;
  readonly #metadata = new Metadata();
  readonly #methods = loadMethods();

  constructor(options: ClientOptions) {
    this.#options = options;
    const { protocol, host } = new URL(options.url);
    const trust = protocol === 'grpcs:' ? credentials.createSsl(options.ca) : credentials.createInsecure();
    this.#client = new Client(host, trust, {
      'grpc.max_receive_message_length': MOST_BYTES,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MS,
      'grpc.enable_http_proxy': 0,
    });
    if (options.token !== undefined) this.#metadata.set('authorization', `Bearer ${options.token}`);
  }

  describeServer() {
    return this.#call<Readonly<{ name: string; version: string }>>('ServerMetadata', {});
  }

  describeModel(model: string) {
    return this.#call<ServedModel>('ModelMetadata', { name: model });
  }

  async isReady(model: string): Promise<boolean> {
    const asked = [this.#call('ServerReady', {}), this.#call('ModelReady', { name: model })];
    const answers = await Promise.all(asked as Promise<Readonly<{ ready: boolean }>>[]);
    return answers.every(({ ready }) => ready);
  }

  async infer(
    model: string,
    inputs: readonly WireTensor[],
    outputs: readonly string[],
  ): Promise<readonly WireTensor[]> {
    const answer = await this.#call<InferAnswer>('ModelInfer', {
      model_name: model,
      inputs: inputs.map(({ data: _, ...info }) => info),
      outputs: outputs.map((name) => ({ name })),
      raw_input_contents: inputs.map(({ data }) => data),
    });
    const { outputs: infos, raw_output_contents: raw } = answer;
    if (raw.length !== infos.length) {
      throw this.#fault(
        'failed',
        `answers ${infos.length} outputs with ${raw.length} raw tensors, expected one for each`,
      );
    }
    return infos.map((info, index) => ({ ...info, data: raw[index] ?? new Uint8Array() }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
  }

  #fault(fault: Fault, what: string, cause?: unknown) {
    return faultOf(fault, this.#options.url, what, cause);
  }

  #call<T>(name: string, request: object): Promise<T> {
    const method = this.#methods[name] as MethodDefinition<object, object>;
    const { path, requestSerialize, responseDeserialize } = method;
    const { deadlineMs } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#client.makeUnaryRequest<object, T>(
      path,
      requestSerialize,
      (bytes) => responseDeserialize(bytes) as T,
      request,
      this.#metadata,
      { deadline: Date.now() + deadlineMs },
      (error, value) => {
        if (error) reject(this.#explain(name, error));
        else resolve(value as T);
      },
    );
    return promise;
  }

  #explain(name: string, error: ServiceError) {
    const { code, details } = error;
    const said = `answers ${name} with ${status[code]}: ${details}`;
    if (code === status.DEADLINE_EXCEEDED) {
      return this.#fault('away', `does not answer within ${this.#options.deadlineMs} ms`, error);
    }
    if (code === status.UNAVAILABLE) return this.#fault('away', `does not answer (${details})`, error);
    if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED) {
      return this.#fault('away', `${said}; set models.server.token`, error);
    }
    if (code === status.NOT_FOUND || isModelMissing(details)) {
      return this.#fault('away', `${said}; load the model there`, error);
    }
    return this.#fault(code === status.INVALID_ARGUMENT ? 'refused' : 'failed', said, error);
  }
}

function loadMethods() {
  const definition = loadSync(PROTO, { keepCase: true, longs: Number, arrays: true, defaults: true });
  return definition[SERVICE] as Readonly<Record<string, MethodDefinition<object, object>>>;
}
