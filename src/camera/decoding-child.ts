import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { DecoderRun, FullPicture, PicturePair, RunEnd, Running, Unfit } from './decoder.ts';
import { PictureMemory } from './picture-memory.ts';

/** What a line that a decoder writes says. */
export type LogLine =
  | Readonly<{
      kind: 'input';
      width: number;
      height: number;
      fullRange?: boolean;
      /** Pictures a second, 0 where that varies. */
      rate?: number;
    }>
  | Readonly<{ kind: 'picture'; seconds: number; interlaced: boolean }>
  /** The stream does not say when its pictures are of: ffmpeg takes them for 25 a second. */
  | Readonly<{ kind: 'untimed' }>
  | Readonly<{ kind: 'duration'; seconds: number }>
  | Readonly<{ kind: 'created'; text: string }>
  | Readonly<{ kind: 'codec'; text: string }>
  | Readonly<{ kind: 'fault'; text: string }>;

export type ChildOptions = Running &
  Readonly<{
    path: string;
    args: readonly string[];
    /** The size of its pictures, where that is known before it starts. */
    size?: Readonly<{ width: number; height: number }>;
    /** Makes a parser for each of the two descriptors that may have a log. */
    createParser: () => (line: string) => LogLine | undefined;
    /** Cuts what comes from descriptor 3, and from 4, into pictures, each in memory of its own. */
    readSmall: (stream: Readable, memory: PictureMemory, onPicture: (data: Uint8Array) => void) => void;
    readFull: (stream: Readable, memory: PictureMemory, onPicture: (picture: FullPicture) => void) => void;
    /** Told of each line that it understands. */
    onLine?: (line: LogLine) => void;
  }>;

/** Most pairs that wait for the consumer. */
const WAITING = 2;
const FAULTS_KEPT = 30;
/** The first picture may take this many times longer, because a whole group of pictures may pass before it. */
const START_PATIENCE = 2;

/**
 * One decoding child from start to end. It writes small pictures to descriptor 3, as many full ones to 4, and to its log, 1 or 2,
 * the time of each. A change of the picture size ends it, because its outputs keep the first size.
 */
export class DecodingChild implements DecoderRun {
  readonly #options: ChildOptions;
  readonly #child: ChildProcess;
  readonly #closed = Promise.withResolvers<void>();
  readonly #memory = { small: new PictureMemory(), full: new PictureMemory() };
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

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#input = options.size && nameSize(options.size);
    this.#child = spawn(options.path, options.args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] });
    this.#child.on('error', (error) => {
      this.#faults.push(error.message);
      this.#cause ??= 'spawn';
      if (this.#child.pid === undefined) this.#end();
    });
    this.#child.on('close', () => this.#end());
    for (const log of [1, 2]) {
      const parse = options.createParser();
      createInterface({ input: this.#pipe(log) }).on('line', (line) => this.#hear(parse(line)));
    }
    options.readSmall(this.#pipe(3), this.#memory.small, (picture) => {
      this.#smalls.push(picture);
      this.#match();
    });
    options.readFull(this.#pipe(4), this.#memory.full, (picture) => {
      this.#fulls.push(picture);
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
    if (!(pipe instanceof Readable)) throw new Error(`the decoder has no pipe ${descriptor}`);
    return pipe;
  }

  #hear(line: LogLine | undefined): void {
    if (line) this.#options.onLine?.(line);
    if (line?.kind === 'picture') {
      if (line.interlaced) this.#refuse('interlaced');
      this.#times.push(line);
      this.#match();
    } else if (line?.kind === 'input') {
      const size = nameSize(line);
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
      const giveBack = () => {
        this.#memory.small.giveBack({ data: small });
        this.#memory.full.giveBack(full);
      };
      const arrivedAt = performance.now();
      this.#pairs.push({ index: this.#count++, small, full, seconds: time.seconds, arrivedAt, giveBack });
      this.#watch();
      this.#wake.resolve();
    }
    if (this.#pairs.length < WAITING) return;
    if (this.#options.dropLate) {
      for (const late of this.#pairs.splice(0, this.#pairs.length - WAITING)) late.giveBack();
    } else this.#flow('pause');
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

function nameSize({ width, height }: Readonly<{ width: number; height: number }>): string {
  return `${width}×${height}`;
}
