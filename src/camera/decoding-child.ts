import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parseLogLine } from './ffmpeg-log.ts';
import { type PictureFormat, readPictures, readY4m } from './picture-reader.ts';

export type FullPicture = PictureFormat & Readonly<{ data: Uint8Array }>;

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

/** What shows that the stream must be opened in another way. */
export type Unfit = 'interlaced' | 'untimed';

/** How a run ended. */
export type RunEnd = Readonly<{
  cause: 'exit' | 'stall' | 'resize' | Unfit | 'killed' | 'spawn';
  code: number | null;
  /** Pairs that were decoded. */
  pictures: number;
  /** The newest errors of ffmpeg, oldest first; they may contain a password. */
  faults: readonly string[];
  /** All errors that came after the first picture. */
  damage: number;
  /** The length that the container states, seconds. */
  duration: number | undefined;
}>;

export type RunOptions = Readonly<{
  path: string;
  args: readonly string[];
  smallBytes: number;
  /** Drop the oldest pair when the consumer is late; otherwise ffmpeg waits and nothing is lost. */
  dropLate: boolean;
  /** What ends the run as soon as it shows, so that it can be run again as it must be. */
  refused?: readonly Unfit[];
  /**
   * End the run after this time without a picture, milliseconds; the first may take twice as long. Time in which ffmpeg waits for
   * the consumer does not count.
   */
  stallMs: number;
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
  readonly #times: Readonly<{ seconds: number; interlaced: boolean }>[] = [];
  readonly #faults: string[] = [];
  #cause: RunEnd['cause'] | undefined;
  #input: string | undefined;
  #duration: number | undefined;
  #damage = 0;
  #created: string | undefined;
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
    readY4m(this.#pipe(4), (format, data) => {
      this.#fulls.push({ ...format, data });
      this.#match();
    });
    this.#watch();
  }

  /** The time of recording that the container states, known before the first pair. */
  get created(): string | undefined {
    return this.#created;
  }

  /** Errors since the first picture. */
  get damage(): number {
    return this.#damage;
  }

  /** The pairs in their order until the run ends. */
  async *pairs(): AsyncGenerator<PicturePair> {
    while (true) {
      const pair = this.#pairs.shift();
      if (pair) {
        if (this.#pairs.length < WAITING) this.#flow('resume');
        if (!this.#options.dropLate) this.#watch();
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
      damage: this.#damage,
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
      if (line.interlaced) this.#refuse('interlaced');
      this.#times.push(line);
      this.#match();
    } else if (line?.kind === 'input') {
      const size = `${line.width}×${line.height}`;
      this.#input ??= size;
      if (size !== this.#input) this.kill('resize');
    } else if (line?.kind === 'untimed') this.#refuse('untimed');
    else if (line?.kind === 'duration') this.#duration ??= line.seconds;
    else if (line?.kind === 'created') this.#created ??= line.text;
    else if (line?.kind === 'fault') {
      if (this.#count > 0) this.#damage++;
      this.#faults.push(line.text);
      if (this.#faults.length > FAULTS_KEPT) this.#faults.shift();
    }
  }

  #refuse(unfit: Unfit): void {
    if (this.#options.refused?.includes(unfit)) this.kill(unfit);
  }

  /** Both outputs and the log arrive separately; their n-th pictures belong together. */
  #match(): void {
    while (this.#cause !== 'resize' && this.#cause !== 'interlaced' && this.#cause !== 'untimed') {
      const [small, full, time] = [this.#smalls[0], this.#fulls[0], this.#times[0]];
      if (small === undefined || full === undefined || time === undefined) break;
      for (const queue of [this.#smalls, this.#fulls, this.#times]) queue.shift();
      this.#pairs.push({ index: this.#count++, small, full, seconds: time.seconds, arrivedAt: performance.now() });
      this.#watch();
      this.#wake.resolve();
    }
    if (this.#pairs.length < WAITING) return;
    if (this.#options.dropLate) this.#pairs.splice(0, this.#pairs.length - WAITING);
    else this.#flow('pause');
  }

  #flow(how: 'pause' | 'resume'): void {
    for (const descriptor of [3, 4]) this.#pipe(descriptor)[how]();
  }

  #watch(): void {
    clearTimeout(this.#stall);
    if (this.#ended) return;
    const patience = this.#count === 0 ? START_PATIENCE : 1;
    this.#stall = setTimeout(() => this.#giveUp(), this.#options.stallMs * patience);
  }

  #giveUp(): void {
    if (!this.#options.dropLate && this.#pairs.length > 0) this.#watch();
    else this.kill('stall');
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#stall);
    this.#closed.resolve();
    this.#wake.resolve();
  }
}
