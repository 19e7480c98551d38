import type { Detector } from '../vision/detect/detector.ts';
import type { Detection } from '../vision/detection.ts';
import { measureIou } from '../vision/geometry.ts';
import type { Reader } from '../vision/read/reader.ts';
import type { Session } from '../vision/session.ts';

/** Detections of two looks that overlap more are one thing. */
const SAME_IOU = 0.3;

/** The parts of a picture's time: searching it, straightening plates, the reader's network, decoding and re-ranking texts. */
export const STAGES = ['detect', 'rectify', 'read', 'rerank'] as const;

export type StageTimes = Readonly<Record<(typeof STAGES)[number], number>>;

/** Watches the parts of a recognition from outside: what each costs, and what the detector saw. */
export class StageClock {
  #times = { detect: 0, rectify: 0, read: 0, rerank: 0 };
  #detections: readonly Detection[] = [];

  /** Begins a new picture. */
  begin(): void {
    this.#times = { detect: 0, rectify: 0, read: 0, rerank: 0 };
    this.#detections = [];
  }

  /** Milliseconds since {@link begin}. */
  get times(): StageTimes {
    return { ...this.#times };
  }

  /** What the detector found in all its looks at the picture; of what several looks show, what the first said. */
  get detections(): readonly Detection[] {
    return this.#detections;
  }

  /** The reader's network, its time counted as `read` and taken from `rerank`. */
  watchSession(session: Session): Session {
    return {
      provider: session.provider,
      run: async (feeds) => {
        const start = performance.now();
        const output = await session.run(feeds);
        const spent = performance.now() - start;
        this.#times.read += spent;
        this.#times.rerank -= spent;
        return output;
      },
      [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
    };
  }

  /** A detector whose looks are counted and whose answers are kept. */
  watchDetector(detector: Detector): Detector {
    return {
      ...detector,
      detect: async (source) => {
        const start = performance.now();
        const found = await detector.detect(source);
        this.#times.detect += performance.now() - start;
        this.#add(found);
        return found;
      },
    };
  }

  #add(found: readonly Detection[]): void {
    const known = this.#detections;
    const isNew = ({ box, class: name }: Detection) =>
      !known.some((other) => other.class === name && measureIou(other.box, box) > SAME_IOU);
    this.#detections = [...known, ...found.filter(isNew)];
  }

  /** A reader whose rectifying and reading are counted. */
  watchReader(reader: Reader): Reader {
    return {
      ...reader,
      rectify: (image, corners) => {
        const start = performance.now();
        const plate = reader.rectify(image, corners);
        this.#times.rectify += performance.now() - start;
        return plate;
      },
      read: async (looks) => {
        const start = performance.now();
        const readings = await reader.read(looks);
        this.#times.rerank += performance.now() - start;
        return readings;
      },
    };
  }
}
