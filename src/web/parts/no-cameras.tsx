import { Empty } from './notice.tsx';

const EXAMPLE = `cameras:
  - id: gate
    kind: rtsp
    url: rtsp://192.168.1.20/stream`;

/** Shown in place of cameras until the first one has reported its state: what to do to have one. */
export function NoCameras() {
  return (
    <Empty icon="camera" title="There is no camera yet.">
      <p>A camera that is configured appears here within a few seconds. To add one:</p>
      <ol class="steps">
        <li>
          List it in <code>alpr.yaml</code>:<pre>{EXAMPLE}</pre>
        </li>
        <li>
          Try it with <code>npx alpr doctor</code>.
        </li>
        <li>
          Start again: <code>npm start</code>.
        </li>
      </ol>
    </Empty>
  );
}
