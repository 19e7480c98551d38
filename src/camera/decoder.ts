import type { FileConfig, HttpConfig, RtspConfig, UsbConfig } from './config.ts';
import type { PictureFormat } from './picture-reader.ts';

/** Cameras whose pictures another program decodes. */
export type StreamConfig = RtspConfig | HttpConfig | UsbConfig | FileConfig;

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
  /** Nobody looks at either picture any more: their memory serves for others. */
  giveBack(): void;
}>;

/** What shows that the stream must be opened in another way. */
export type Unfit = 'interlaced' | 'untimed';

/** How a run ended. */
export type RunEnd = Readonly<{
  cause: 'exit' | 'stall' | 'resize' | Unfit | 'killed' | 'spawn';
  code: number | null;
  /** Pairs that were decoded. */
  pictures: number;
  /** The newest errors of the decoder, oldest first; they may contain a password. */
  faults: readonly string[];
  /** All errors that came after the first picture. */
  damage: number;
  /** The length that the container states, seconds. */
  duration: number | undefined;
}>;

/** How long a run lasts, and what it does for a late consumer. */
export type Running = Readonly<{
  /** Drop the oldest pair when the consumer is late; otherwise the decoder waits and nothing is lost. */
  dropLate: boolean;
  /** What ends the run as soon as it shows, so that it can be run again as it must be. */
  refused?: readonly Unfit[];
  /**
   * End the run after this time without a picture, milliseconds; the first may take twice as long. Time in which the decoder waits
   * for the consumer does not count.
   */
  stallMs: number;
}>;

/** What a run opens. */
export type Opening = Running &
  Readonly<{
    /** What a network stream is opened by, instead of an address that may contain a password. */
    url?: string;
    /** The name of the host, where `url` has its number. */
    host?: string;
    /** What earlier runs ended with. */
    found?: ReadonlySet<Unfit>;
  }>;

/** One attempt at a stream, or one round of a file, from its first picture to its end. */
export interface DecoderRun extends AsyncDisposable {
  /** The time of recording that the container states, known before the first pair. */
  readonly created: string | undefined;
  /** Errors since the first picture. */
  readonly damage: number;
  /** The pairs in their order until the run ends. */
  pairs(): AsyncGenerator<PicturePair>;
  kill(): void;
  /** Resolves when the child is gone. */
  end(): Promise<RunEnd>;
}

/** The program that decodes one camera, run as often as the camera is opened. */
export interface Decoder {
  /** For people, such as `ffmpeg 5.1.6`. */
  readonly name: string;
  /** Whether it looks up the names of hosts; where it does not, it gets their numbers. */
  readonly looksUpNames: boolean;
  run(opening: Opening): DecoderRun;
}
