import { AlprError } from '../../base/errors.ts';

/** Name, datatype (`UINT8`, `FP32` …) and shape of a tensor, in the words of KServe v2. */
export type TensorInfo = Readonly<{ name: string; datatype: string; shape: readonly number[] }>;

/** A tensor on the wire: its numbers as little-endian bytes, row by row. */
export type WireTensor = TensorInfo & Readonly<{ data: Uint8Array }>;

export type ServedModel = Readonly<{ inputs: readonly TensorInfo[]; outputs: readonly TensorInfo[] }>;

/**
 * What this program asks of a server that speaks KServe v2. INFERENCE_SERVER_AWAY when it does not answer in time, is not ready, lets
 * nobody in or does not have the model; INFERENCE_REFUSED for an input that it does not take; INFERENCE_FAILED for an answer that
 * cannot be used.
 */
export interface KServeClient extends AsyncDisposable {
  /** The name that the server gives itself, such as `triton`, and its version. */
  describeServer(): Promise<Readonly<{ name: string; version: string }>>;
  describeModel(model: string): Promise<ServedModel>;
  /** Whether the server and this model of it take requests. */
  isReady(model: string): Promise<boolean>;
  infer(model: string, inputs: readonly WireTensor[], outputs: readonly string[]): Promise<readonly WireTensor[]>;
}

export type ClientOptions = Readonly<{
  /** `models.server.url`. */
  url: string;
  token?: string | undefined;
  /** Certificate authorities as PEM, in place of those of the system. */
  ca?: Buffer | undefined;
  deadlineMs: number;
}>;

/** Longest answer, bytes; that of the shipped networks has a hundred thousandth of it. */
export const MOST_BYTES = 64 << 20;

/** What a server did instead of answering, as one of three errors that name the server. */
export type Fault = 'away' | 'refused' | 'failed';

const CODES = {
  away: 'INFERENCE_SERVER_AWAY',
  refused: 'INFERENCE_REFUSED',
  failed: 'INFERENCE_FAILED',
} as const satisfies Record<Fault, string>;

/** An error that begins with the address of the server. */
export function faultOf(fault: Fault, url: string, what: string, cause?: unknown): AlprError {
  return new AlprError(CODES[fault], `${url} ${what}.`, { cause });
}

/** Triton answers a request for a model that it has not loaded as one that is wrong. */
export function isModelMissing(text: string): boolean {
  return /unknown model|model .*not found|no available versions|is not ready/i.test(text);
}
