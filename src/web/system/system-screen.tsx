import './service-manager.css';
import type { SystemAnswer } from '../../contract/api/system.ts';
import type { CameraStatus } from '../../contract/live.ts';
import { FIRST_TIME, plausibleSpan } from '../../contract/plausible-time.ts';
import { formatBytes } from '../bytes.ts';
import { useAnswer } from '../data/answer.ts';
import { useCell } from '../data/cell.ts';
import { fetchHealth } from '../data/client.ts';
import { explainDrop } from '../frames.ts';
import { CameraState } from '../parts/camera-state.tsx';
import { Fact, FactList } from '../parts/facts.tsx';
import { Icon } from '../parts/icon.tsx';
import { NoCameras } from '../parts/no-cameras.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { Ago, useNow } from '../parts/time.tsx';
import { EMPTY_QUERY, formatRoute } from '../route.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { explainDegraded } from '../trouble.ts';
import { spellOut, wordFor } from '../words.ts';
import { FindWay } from './find-way.tsx';
import { LogPanel } from './log-panel.tsx';
import { ProcessesPanel } from './processes-panel.tsx';
import { ServicesPanel } from './services-panel.tsx';
import { fetchSystem } from './system-client.ts';

const AGAIN_EVERY_MS = 5_000;

/** All times that an event can name. */
const EARLIEST = '0001-01-01T00:00:00.000Z';
const LATEST = '9999-12-31T00:00:00.000Z';

/** The state of the whole system: health, models with the provider in use, and the figures of every camera. */
export function SystemScreen() {
  const { t } = useWords();
  const turn = Math.floor(useNow() / AGAIN_EVERY_MS);
  const { feed, may } = useServices();
  const cameras = useCell(feed.cameras);
  const system = useAnswer(`system ${turn}`, fetchSystem);
  return (
    <main class="screen system" id="content">
      <h1 class="spoken">{t.frame.names.system}</h1>
      <HealthPanels turn={turn} cameras={cameras} disk={system.value?.disk} />
      {system.error !== undefined && system.value === undefined && (
        <Problem error={system.error} retry={system.retry} />
      )}
      {system.value && (
        <>
          <ServicesPanel services={system.value.services} onChange={system.retry} />
          <ProcessesPanel processes={system.value.processes} />
        </>
      )}
      <section class="panel" aria-labelledby="cameras">
        <h2 id="cameras">
          {t.frame.cameras} <a href={formatRoute({ screen: 'health', id: undefined })}>{t.frame.names.health}</a>
        </h2>
        {cameras === undefined && <Skeleton rows={3} kind="row" />}
        {cameras?.length === 0 && <NoCameras />}
        <ul class="camera-cards">
          {cameras?.map((camera) => (
            <CameraCard key={camera.camera_id} camera={camera} />
          ))}
        </ul>
      </section>
      {may('events:read') && <FindWay />}
      <LogPanel />
      <p class="links">
        <a href="/docs">
          {t.system.api} <Icon name="link" />
        </a>
        <a href="/metrics">
          {t.system.metrics} <Icon name="link" />
        </a>
        <a href="/health">
          {t.system.healthAsJson} <Icon name="link" />
        </a>
      </p>
    </main>
  );
}

type Shown = Readonly<{
  turn: number;
  cameras: readonly CameraStatus[] | undefined;
  disk: SystemAnswer['disk'] | undefined;
}>;

function HealthPanels({ turn, cameras, disk }: Shown) {
  const words = useWords();
  const { t } = words;
  const { value, error, retry } = useAnswer(`health ${turn}`, fetchHealth);
  if (error !== undefined && value === undefined) return <Problem error={error} retry={retry} />;
  if (value === undefined) return <Skeleton rows={3} kind="row" />;
  return (
    <section class="facts" aria-label={t.system.health}>
      <FactList title={t.system.health}>
        <Fact name={t.system.status}>
          <Sign ok={value.status === 'ok'} word={t.system.statuses[value.status]} />
          <ul class="reasons">
            {explainDegraded(value, cameras, words).map((reason) => (
              <li key={reason}>{reason}.</li>
            ))}
          </ul>
        </Fact>
        <Fact name={t.system.database}>
          <Sign ok={value.database.ok} word={wordFor(t.system.kinds, value.database.kind)} />
        </Fact>
        <Fact name={t.system.bus}>
          <Sign ok={value.bus.ok} word={wordFor(t.system.kinds, value.bus.kind)} />
        </Fact>
        <Fact name={t.system.search}>
          <Sign ok={value.search.ok} word={wordFor(t.system.kinds, value.search.kind)} />
        </Fact>
        <Fact name={t.system.upFor}>{words.duration(value.uptime_s * 1000)}</Fact>
        <Fact name={t.system.version}>{value.version}</Fact>
        {disk && (
          <Fact name={t.process.disk}>
            {t.system.of(formatBytes(disk.free_bytes, words), formatBytes(disk.total_bytes, words))}
          </Fact>
        )}
        <Misdated />
      </FactList>
      <FactList title={t.system.models}>
        {value.models.map((model) => (
          <Fact key={model.id} name={spellOut(model.name)}>
            {model.provider} <code>{model.id}</code>
          </Fact>
        ))}
        {value.models.length === 0 && <Fact name={t.system.models}>{t.system.noModels}</Fact>}
      </FactList>
    </section>
  );
}

/** How many events a wrong clock has dated, and the searches that list them. */
function Misdated() {
  const { t, number } = useWords();
  const { feed } = useServices();
  const count = useCell(feed.stats)?.misdated_events ?? 0;
  const linkTo = (from: string, to: string) => formatRoute({ screen: 'search', query: { ...EMPTY_QUERY, from, to } });
  if (count === 0) return <Fact name={t.system.misdated}>{t.frame.none}</Fact>;
  return (
    <Fact name={t.system.misdated}>
      {number(count)}: <a href={linkTo(EARLIEST, FIRST_TIME)}>{t.system.misdatedBefore}</a>,{' '}
      <a href={linkTo(plausibleSpan(Date.now()).to, LATEST)}>{t.system.misdatedAhead}</a>
    </Fact>
  );
}

function Sign({ ok, word }: { ok: boolean; word: string }) {
  return (
    <span class={ok ? 'sign sign-ok' : 'sign sign-bad'}>
      <Icon name={ok ? 'check' : 'warning'} />
      {word}
    </span>
  );
}

function CameraCard({ camera }: { camera: CameraStatus }) {
  const words = useWords();
  const { t, number } = words;
  const drops = Object.entries(camera.frames_dropped).filter(([, count]) => count > 0);
  return (
    <li class="camera-card" data-camera={camera.camera_id}>
      <header>
        <h3>{camera.name}</h3>
        <CameraState camera={camera} />
      </header>
      {camera.message && <p class="quiet">{camera.message}</p>}
      <dl class="fact-list">
        <Fact name={t.system.source}>
          {spellOut(camera.kind)}, {camera.width} × {camera.height}
        </Fact>
        <Fact name={t.system.framesPerSecond}>
          {t.system.of(number(camera.fps_processed, 1), number(camera.fps_in, 1))}
        </Fact>
        <Fact name={t.system.framesProcessed}>
          {t.system.of(number(camera.frames_processed), number(camera.frames_in))}
        </Fact>
        {drops.map(([reason, count]) => (
          <Fact key={reason} name={explainDrop(reason, words)}>
            {number(count)}
          </Fact>
        ))}
        {drops.length === 0 && <Fact name={t.system.framesSkipped}>{t.frame.none}</Fact>}
        <Fact name={t.system.passages}>{number(camera.passages)}</Fact>
        <Fact name={t.system.characterHeight}>
          {camera.char_height_px === null ? t.system.nothingRead : `${number(camera.char_height_px)} px`}
        </Fact>
        <Fact name={t.system.detectorRunsOn}>{camera.detector_provider}</Fact>
        <Fact name={t.system.inStateFor}>
          <Ago at={camera.since} />
        </Fact>
      </dl>
    </li>
  );
}
