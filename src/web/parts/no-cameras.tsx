import { Empty } from './notice.tsx';

/** Shown in place of cameras until the first one has reported its state. */
export function NoCameras() {
  return (
    <Empty icon="camera" title="No camera has reported yet.">
      One that is configured appears in a few seconds. Cameras are listed under <code>cameras</code> in{' '}
      <code>alpr.yaml</code>.
    </Empty>
  );
}
