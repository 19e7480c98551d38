import type { Frame } from '../vision/frame.ts';
import type { CameraConfig } from './config.ts';

export type CameraState = Readonly<{
  state: 'connecting' | 'running' | 'retrying' | 'ended' | 'failed';
  /** One sentence for people: what happens and what will happen next. It never contains a password. */
  message: string;
  /** Milliseconds since the epoch when this state began. */
  since: number;
  /** Size of the pictures, 0 before the first. */
  width: number;
  height: number;
  framesIn: number;
  restarts: number;
}>;

/** A source of Frames. Live sources are reopened with backoff until closed; files and folders end. */
export interface Camera extends AsyncDisposable {
  readonly id: string;
  readonly name: string;
  readonly kind: CameraConfig['kind'];
  /** Whether frames come at their own pace (drop late ones) or wait for the consumer. */
  readonly live: boolean;
  /** Whether each Frame is a separate scene rather than the next view of the same one. */
  readonly stills: boolean;
  readonly state: CameraState;
  /** What decodes its pictures, for people, where another program does. */
  readonly decoder?: string;
  /** May be iterated once. Ends when the source ends, when `signal` aborts or the camera is closed. */
  frames(signal: AbortSignal): AsyncIterable<Frame>;
}
