import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parseLogLine } from './ffmpeg-log.ts';
import { readPictures } from './picture-reader.ts';

export type FullPicture = Readonly<{ width: number; height: number; fullRange: boolean; data: Uint8Array }>;

/** One decoded picture in both sizes. */
export type PicturePair = Readonly<{
  /** Counts all pairs of this run, including dropped ones. */
  index: number;
  full: FullPicture;
  small: Uint8Array;
  /** Time in the stream, seconds; NaN if the stream has none. */
  seconds: number;
  /** When it arrived, by `performance.now()`. */
  arrivedAt: number;
}>;

/** How a run ended. */
export type RunEnd = Readonly<{
  cause: 'exit' | 'stall' | 'resize' | 'killed' | 'spawn';
  code: number | null;
  /** Pairs that were decoded. */
  pictures: number;
  /** The newest errors of ffmpeg, oldest first; they may contain a password. */
  faults: readonly string[];
  /** The length that the container states, seconds. */
  duration: number | undefined;
}>;

export type RunOptions = Readonly<{
  path: string;
  args: readonly string[];
  smallBytes: number;
  /** Drop the oldest pair when the consumer is late; otherwise ffmpeg waits and nothing is lost. */
  dropLate: boolean;
  /** End the run after this time without a picture, milliseconds; the first may take twice as long. */
  stallMs?: number | undefined;
}>;

/** Most pairs that wait for the consumer. */
const WAITING = 2;
const FAULTS_KEPT = 30;
/** The first picture may take this many times longer, because a whole group of pictures may pass before it. */
const START_PATIENCE = 2;

/**
 * One ffmpeg child from start to end. A change of the picture size ends it, because its outputs keep the first size.
 */
export class FfmpegRun implements AsyncDisposable {
  readonly #options: RunOptions;
  readonly #child: ChildProcess;
  readonly #closed = Promise.withResolvers<void>();
  readonly #pairs: PicturePair[] = [];
  readonly #smalls: Uint8Array[] = [];
  readonly #fulls: FullPicture[] = [];
  readonly #times: number[] = [];
  readonly #faults: string[] = [];
  #cause: RunEnd['cause'] | undefined;
  #input: string | undefined;
  #duration: number | undefined;
  #reading = false;
  #ended = false;
  #count = 0;
  #wake = Promise.withResolvers<void>();
  #stall: NodeJS.Timeout | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#child = spawn(options.path, options.args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
    this.#child.on('error', (error) => {
      this.#faults.push(error.message);
      this.#cause ??= 'spawn';
      if (this.#child.pid === undefined) this.#end();
    });
    this.#child.on('close', () => this.#end());
    createInterface({ input: this.#pipe(2) }).on('line', (line) => this.#hear(line));
    readPictures(this.#pipe(3), options.smallBytes, (data) => {
      this.#smalls.push(data);
      this.#match();
    });
    this.#watch();
  }

  /** The pairs in their order until the run ends. */
  async *pairs(): AsyncGenerator<PicturePair> {
    while (true) {
      const pair = this.#pairs.shift();
      if (pair) {
        if (this.#pairs.length < WAITING) this.#flow('resume');
        yield pair;
      } else if (this.#ended) return;
      else {
        this.#wake = Promise.withResolvers<void>();
        await this.#wake.promise;
      }
    }
  }

  /** Resolves when the child is gone. */
  async end(): Promise<RunEnd> {
    await this.#closed.promise;
    return {
      cause: this.#cause ?? 'exit',
      code: this.#child.exitCode,
      pictures: this.#count,
      faults: this.#faults,
      duration: this.#duration,
    };
  }

  kill(cause: RunEnd['cause'] = 'killed'): void {
    this.#cause ??= cause;
    // SIGKILL, because a child that cannot write or waits for the network ignores anything milder; it has nothing to save.
    this.#child.kill('SIGKILL');
    this.#flow('resume');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.kill();
    await this.#closed.promise;
  }

  #pipe(descriptor: number): Readable {
    const pipe = this.#child.stdio[descriptor];
    if (!(pipe instanceof Readable)) throw new Error(`ffmpeg has no pipe ${descriptor}`);
    return pipe;
  }

  #hear(text: string): void {
    const line = parseLogLine(text);
    if (line?.kind === 'picture') {
      this.#times.push(line.seconds);
      this.#match();
    } else if (line?.kind === 'full' && !this.#reading) {
      this.#reading = true;
      const { width, height, fullRange } = line;
      const bytes = width * height + 2 * ((width + 1) >> 1) * ((height + 1) >> 1);
      readPictures(this.#pipe(4), bytes, (data) => {
        this.#fulls.push({ width, height, fullRange, data });
        this.#match();
      });
    } else if (line?.kind === 'input') {
      const size = `${line.width}×${line.height}`;
      this.#input ??= size;
      if (size !== this.#input) this.kill('resize');
    } else if (line?.kind === 'duration') this.#duration ??= line.seconds;
    else if (line?.kind === 'fault') {
      this.#faults.push(line.text);
      if (this.#faults.length > FAULTS_KEPT) this.#faults.shift();
    }
  }

  /** Both outputs and the log arrive separately; their n-th pictures belong together. */
  #match(): void {
    while (this.#cause !== 'resize') {
      const [small, full, seconds] = [this.#smalls[0], this.#fulls[0], this.#times[0]];
      if (small === undefined || full === undefined || seconds === undefined) break;
      for (const queue of [this.#smalls, this.#fulls, this.#times]) queue.shift();
      this.#pairs.push({ index: this.#count++, small, full, seconds, arrivedAt: performance.now() });
      this.#watch();
      this.#wake.resolve();
    }
    if (this.#pairs.length < WAITING) return;
    if (this.#options.dropLate) this.#pairs.splice(0, this.#pairs.length - WAITING);
    else this.#flow('pause');
  }

  #flow(how: 'pause' | 'resume'): void {
    for (const descriptor of this.#reading ? [3, 4] : [3]) this.#pipe(descriptor)[how]();
  }

  #watch(): void {
    clearTimeout(this.#stall);
    if (this.#options.stallMs === undefined || this.#ended) return;
    const patience = this.#count === 0 ? START_PATIENCE : 1;
    this.#stall = setTimeout(() => this.kill('stall'), this.#options.stallMs * patience);
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#stall);
    this.#closed.resolve();
    this.#wake.resolve();
  }
}
