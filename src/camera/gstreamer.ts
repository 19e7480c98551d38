import type { Decoder, DecoderRun, Opening, PicturePair, RunEnd, StreamConfig } from './decoder.ts';
import { DecodingChild, type LogLine } from './decoding-child.ts';
import { askGstreamer, checkElements, decodesInHardware, type Gstreamer } from './gstreamer-elements.ts';
import { readOnCanvas, readPlanes } from './gstreamer-layout.ts';
import { createGstreamerParser } from './gstreamer-log.ts';
import { buildPipeline, fitSmall, type GstreamerConfig, type Seen } from './gstreamer-pipeline.ts';

/**
 * Decodes by GStreamer; undefined when the choice is free and nothing speaks for it. GSTREAMER_MISSING names what is missing.
 */
export async function findGstreamer(config: StreamConfig, wanted: 'gstreamer' | 'auto'): Promise<Decoder | undefined> {
  if (config.kind === 'http') return undefined;
  const found = await askGstreamer();
  if (wanted === 'auto' && !(found && decodesInHardware(found))) return undefined;
  checkElements(found, config.kind);
  return new GstreamerDecoder(config, found);
}

/** The size of the small picture is part of its command line, so the first run of a camera only looks how large its pictures are. */
class GstreamerDecoder implements Decoder {
  readonly looksUpNames = true;
  readonly #config: GstreamerConfig;
  readonly #found: Gstreamer;
  #seen: Seen | undefined;
  #codec: string | undefined;

  constructor(config: GstreamerConfig, found: Gstreamer) {
    this.#config = config;
    this.#found = found;
  }

  get name(): string {
    return `${this.#codec === undefined ? '' : `${this.#codec} of `}GStreamer ${this.#found.version}`;
  }

  run(opening: Opening): DecoderRun {
    if (this.#seen) return this.#play(opening, this.#seen);
    return new LookingRun(this.#look(opening), () => this.#seen && this.#play(opening, this.#seen));
  }

  #look(opening: Opening): DecodingChild {
    const child: DecodingChild = new DecodingChild({
      ...this.#describe(opening, undefined),
      readSmall: () => undefined,
      readFull: () => undefined,
      onLine: (line) => {
        this.#hear(line);
        if (line.kind === 'input') child.kill();
      },
    });
    return child;
  }

  #play(opening: Opening, seen: Seen): DecodingChild {
    const { small_width: width, small_height: height } = this.#config;
    const layout = { inner: fitSmall(this.#config, seen), canvas: { width, height } };
    const child = new DecodingChild({
      ...this.#describe(opening, seen),
      size: seen,
      readSmall: (stream, memory, onPicture) => readOnCanvas(stream, { ...layout, memory }, onPicture),
      readFull: (stream, memory, onPicture) => readPlanes(stream, { ...seen, memory }, onPicture),
      onLine: (line) => this.#hear(line),
    });
    // What was seen may not be true any more: the next run looks again.
    void child.end().then(({ pictures }) => {
      if (pictures === 0) this.#seen = undefined;
    });
    return child;
  }

  #describe({ url, dropLate, stallMs }: Opening, seen: Seen | undefined) {
    const hardware = decodesInHardware(this.#found);
    const args = buildPipeline(this.#config, { hardware, url, seen });
    return { path: 'env', args, createParser: createGstreamerParser, dropLate, stallMs };
  }

  #hear(line: LogLine): void {
    if (line.kind === 'codec') this.#codec = line.text;
    if (line.kind !== 'input') return;
    const { width, height, fullRange = false, rate = 0 } = line;
    this.#seen = { width, height, fullRange, rate: this.#seen?.rate ?? rate };
  }
}

/** A run that looks first and plays then. */
class LookingRun implements DecoderRun {
  readonly #play: () => DecoderRun | undefined;
  #current: DecoderRun;
  #killed = false;

  constructor(look: DecoderRun, play: () => DecoderRun | undefined) {
    this.#current = look;
    this.#play = play;
  }

  get created(): string | undefined {
    return this.#current.created;
  }

  get damage(): number {
    return this.#current.damage;
  }

  async *pairs(): AsyncGenerator<PicturePair> {
    await this.#current.end();
    const next = this.#killed ? undefined : this.#play();
    if (next === undefined) return;
    this.#current = next;
    yield* next.pairs();
  }

  kill(): void {
    this.#killed = true;
    this.#current.kill();
  }

  end(): Promise<RunEnd> {
    return this.#current.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#killed = true;
    await this.#current[Symbol.asyncDispose]();
  }
}
