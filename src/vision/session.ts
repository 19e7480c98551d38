/** A dense tensor; `data.length` is the product of `dims`. */
export type Tensor =
  | Readonly<{ type: 'uint8'; dims: readonly number[]; data: Uint8Array }>
  | Readonly<{ type: 'float32'; dims: readonly number[]; data: Float32Array }>;

/**
 * A loaded network. `run` may take ownership of the input buffers (they are transferred to a worker thread):
 * do not touch a feed after passing it.
 */
export interface Session extends AsyncDisposable {
  /** The execution provider really in use, for example `cpu` or `cuda`. */
  readonly provider: string;
  /** Computing time of all runs so far, milliseconds, where it is known: less than they took if they had to wait for a core. */
  readonly computedMs?: number;
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  /** A buffer for a feed of that many bytes, where a run has given one back: it may hold anything. */
  lend?(bytes: number): Uint8Array | undefined;
}
