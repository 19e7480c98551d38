import type { CameraState } from './camera.ts';

/** The state of one camera, changed only by replacing it. */
export class CameraStatus {
  #state: CameraState = {
    state: 'connecting',
    message: 'Waiting to be started.',
    since: Date.now(),
    width: 0,
    height: 0,
    framesIn: 0,
    restarts: 0,
  };

  get state(): CameraState {
    return this.#state;
  }

  /** Enters a new state and starts its clock; the same state with the same message continues. */
  enter(state: CameraState['state'], message: string): void {
    if (this.#state.state === state && this.#state.message === message) return;
    this.#state = { ...this.#state, state, message, since: Date.now() };
  }

  countFrame(size: Readonly<{ width: number; height: number }>): void {
    const { width, height } = size;
    this.#state = { ...this.#state, width, height, framesIn: this.#state.framesIn + 1 };
  }

  countRestart(): void {
    this.#state = { ...this.#state, restarts: this.#state.restarts + 1 };
  }
}
