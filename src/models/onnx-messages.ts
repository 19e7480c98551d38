import type { Tensor } from '../vision/session.ts';

/** What a worker thread is started with. */
export type WorkerStart = Readonly<{
  file: string;
  providers: readonly string[];
  threads: number;
  /** Runs only on what all other threads of the machine leave. */
  isBackground?: boolean | undefined;
}>;

/** A request to a worker: one run, or to end. */
export type RunRequest = Readonly<{ kind: 'run'; id: number; feeds: Readonly<Record<string, Tensor>> }>;
export type WorkerRequest = RunRequest | Readonly<{ kind: 'close' }>;

/** An input or output of the network; a size that is not fixed is a name or -1 instead of a number. */
export type TensorShape = Readonly<{ name: string; type: string; shape: readonly (number | string)[] }>;

/** What the file itself says the network takes and gives. */
export type Signature = Readonly<{ inputs: readonly TensorShape[]; outputs: readonly TensorShape[] }>;

/** An answer of a worker. */
export type WorkerAnswer =
  | (Readonly<{ kind: 'ready'; provider: string }> & Signature)
  | Readonly<{ kind: 'refused'; reasons: readonly ProviderFault[] }>
  | RunDone
  | Readonly<{ kind: 'failed'; id: number; reason: string }>;

/** What a run gave, its input's buffers, and how long the thread computed. */
export type RunDone = Readonly<{
  kind: 'done';
  id: number;
  outputs: Readonly<Record<string, Tensor>>;
  spent: readonly ArrayBuffer[];
  computedMs: number;
}>;

export type ProviderFault = Readonly<{ provider: string; reason: string }>;

/** The buffers of tensors that can move to another thread instead of being copied. */
export function listBuffers(tensors: Readonly<Record<string, Tensor>>): ArrayBuffer[] {
  const buffers = Object.values(tensors).map(({ data }) => data.buffer);
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer);
}
