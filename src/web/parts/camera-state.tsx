import type { CameraStatus } from '../../contract/live.ts';
import { useWords } from '../speech.tsx';
import { wordFor } from '../words.ts';

/** A camera's state as a chip; its message on hover. */
export function CameraState({ camera }: { camera: Pick<CameraStatus, 'state' | 'message'> }) {
  const { t } = useWords();
  return (
    <span class={`state state-${camera.state}`} title={camera.message}>
      <span class="dot" />
      {wordFor(t.frame.cameraStates, camera.state)}
    </span>
  );
}
