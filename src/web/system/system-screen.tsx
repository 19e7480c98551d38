import type { CameraStatus } from '../../contract/live.ts';
import { useAnswer } from '../data/answer.ts';
import { useCell } from '../data/cell.ts';
import { fetchHealth } from '../data/client.ts';
import { CameraState } from '../parts/camera-state.tsx';
import { Icon } from '../parts/icon.tsx';
import { NoCameras } from '../parts/no-cameras.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { Ago, useNow } from '../parts/time.tsx';
import { Fact, FactList } from '../read/facts.tsx';
import { useServices } from '../services.ts';
import { explainDegraded } from '../trouble.ts';
import { explainDrop, formatCount, formatDuration, spellOut } from '../words.ts';

/** What a part is made of, where the API's own word says little. */
const KINDS: Readonly<Record<string, string>> = {
  embedded: 'PostgreSQL, built in',
  memory: 'within this process',
  kafka: 'Kafka',
  postgres: 'PostgreSQL',
  opensearch: 'OpenSearch',
};

const AGAIN_EVERY_MS = 5_000;

/** The state of the whole system: health, models with the provider in use, and the figures of every camera. */
export function SystemScreen() {
  const turn = Math.floor(useNow() / AGAIN_EVERY_MS);
  const { feed } = useServices();
  const cameras = useCell(feed.cameras);
  return (
    <main class="screen system" id="content">
      <h1 class="spoken">System</h1>
      <HealthPanels turn={turn} cameras={cameras} />
      <section class="panel" aria-labelledby="cameras">
        <h2 id="cameras">Cameras</h2>
        {cameras === undefined && <Skeleton rows={3} kind="row" />}
        {cameras?.length === 0 && <NoCameras />}
        <ul class="camera-cards">
          {cameras?.map((camera) => (
            <CameraCard key={camera.camera_id} camera={camera} />
          ))}
        </ul>
      </section>
      <p class="links">
        <a href="/docs">
          API <Icon name="link" />
        </a>
        <a href="/metrics">
          Metrics <Icon name="link" />
        </a>
        <a href="/health">
          Health as JSON <Icon name="link" />
        </a>
      </p>
    </main>
  );
}

function HealthPanels({ turn, cameras }: { turn: number; cameras: readonly CameraStatus[] | undefined }) {
  const { value, error, retry } = useAnswer(`health ${turn}`, fetchHealth);
  if (error !== undefined && value === undefined) return <Problem error={error} retry={retry} />;
  if (value === undefined) return <Skeleton rows={3} kind="row" />;
  return (
    <section class="facts" aria-label="Health">
      <FactList title="Health">
        <Fact name="Status">
          <Sign ok={value.status === 'ok'} word={value.status} />
          <ul class="reasons">
            {explainDegraded(value, cameras).map((reason) => (
              <li key={reason}>{reason}.</li>
            ))}
          </ul>
        </Fact>
        <Fact name="Database">
          <Sign ok={value.database.ok} word={KINDS[value.database.kind] ?? value.database.kind} />
        </Fact>
        <Fact name="Bus">
          <Sign ok={value.bus.ok} word={KINDS[value.bus.kind] ?? value.bus.kind} />
        </Fact>
        <Fact name="Search">
          <Sign ok={value.search.ok} word={KINDS[value.search.kind] ?? value.search.kind} />
        </Fact>
        <Fact name="Up for">{formatDuration(value.uptime_s * 1000)}</Fact>
        <Fact name="Version">{value.version}</Fact>
      </FactList>
      <FactList title="Models">
        {value.models.map((model) => (
          <Fact key={model.id} name={spellOut(model.name)}>
            {model.provider} <code>{model.id}</code>
          </Fact>
        ))}
        {value.models.length === 0 && <p class="quiet">No model is loaded.</p>}
      </FactList>
    </section>
  );
}

function Sign({ ok, word }: { ok: boolean; word: string }) {
  return (
    <span class={ok ? 'sign sign-ok' : 'sign sign-bad'}>
      <Icon name={ok ? 'check' : 'warning'} />
      {spellOut(word)}
    </span>
  );
}

function CameraCard({ camera }: { camera: CameraStatus }) {
  const drops = Object.entries(camera.frames_dropped).filter(([, count]) => count > 0);
  return (
    <li class="camera-card" data-camera={camera.camera_id}>
      <header>
        <h3>{camera.name}</h3>
        <CameraState camera={camera} />
      </header>
      {camera.message && <p class="quiet">{camera.message}</p>}
      <dl class="fact-list">
        <Fact name="Source">
          {spellOut(camera.kind)}, {camera.width} × {camera.height}
        </Fact>
        <Fact name="Frames per second">
          {camera.fps_processed.toFixed(1)} of {camera.fps_in.toFixed(1)}
        </Fact>
        <Fact name="Frames processed">
          {formatCount(camera.frames_processed)} of {formatCount(camera.frames_in)}
        </Fact>
        {drops.map(([reason, count]) => (
          <Fact key={reason} name={explainDrop(reason)}>
            {formatCount(count)}
          </Fact>
        ))}
        {drops.length === 0 && <Fact name="Frames skipped">none</Fact>}
        <Fact name="Passages">{formatCount(camera.passages)}</Fact>
        <Fact name="Character height">
          {camera.char_height_px === null ? 'nothing read yet' : `${camera.char_height_px.toFixed(0)} px`}
        </Fact>
        <Fact name="Detector runs on">{camera.detector_provider}</Fact>
        <Fact name="In this state for">
          <Ago at={camera.since} />
        </Fact>
      </dl>
    </li>
  );
}
