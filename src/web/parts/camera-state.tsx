import type { CameraStatus } from '../../contract/live.ts';

/** A camera's state as a chip; its message on hover. */
export function CameraState({ camera }: { camera: Pick<CameraStatus, 'state' | 'message'> }) {
  return (
    <span class={`state state-${camera.state}`} title={camera.message}>
      <span class="dot" />
      {camera.state}
    </span>
  );
}
