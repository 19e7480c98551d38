import { formatRoute } from '../route.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { Marked } from './marked.tsx';
import { Empty } from './notice.tsx';

const EXAMPLE = `cameras:
  - id: gate
    kind: rtsp
    url: rtsp://192.168.1.20/stream`;

/** Shown in place of cameras until the first one has reported its state: what to do to have one. */
export function NoCameras() {
  const { t } = useWords();
  const { may } = useServices();
  return (
    <Empty icon="camera" title={t.frame.noCameras}>
      <p>{t.frame.noCamerasWhy}</p>
      <ol class="steps">
        {t.frame.noCamerasSteps.map((step, index) => (
          <li key={step}>
            <Marked text={step} />
            {index === 0 && <pre>{EXAMPLE}</pre>}
          </li>
        ))}
      </ol>
      {may('cameras') && (
        <a class="button button-main" href={formatRoute({ screen: 'cameras' })}>
          {t.cameras.add}
        </a>
      )}
    </Empty>
  );
}
