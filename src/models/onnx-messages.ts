import type { Tensor } from '../vision/session.ts';

/** What a worker thread is started with. */
export type WorkerStart = Readonly<{ file: string; providers: readonly string[]; threads: number }>;

/** What is asked of a worker: one run, or to end. */
export type RunRequest = Readonly<{ kind: 'run'; id: number; feeds: Readonly<Record<string, Tensor>> }>;
export type WorkerRequest = RunRequest | Readonly<{ kind: 'close' }>;

/** An input of the network; sizes that are not fixed have a name instead of a number. */
export type InputShape = Readonly<{ name: string; type: string; shape: readonly (number | string)[] }>;

/** What a worker says. */
export type WorkerAnswer =
  | Readonly<{ kind: 'ready'; provider: string; inputs: readonly InputShape[] }>
  | Readonly<{ kind: 'refused'; reasons: readonly ProviderFault[] }>
  | Readonly<{ kind: 'done'; id: number; outputs: Readonly<Record<string, Tensor>> }>
  | Readonly<{ kind: 'failed'; id: number; reason: string }>;

export type ProviderFault = Readonly<{ provider: string; reason: string }>;
