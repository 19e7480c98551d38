import { useState } from 'preact/hooks';
import type { CameraQuality, QualityDetail, Tally } from '../../contract/api/camera-quality.ts';
import { useAnswer } from '../data/answer.ts';
import { CameraState } from '../parts/camera-state.tsx';
import { Chart } from '../parts/chart.tsx';
import { Fact, FactList } from '../parts/facts.tsx';
import { Icon } from '../parts/icon.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { Time, useNow } from '../parts/time.tsx';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { AdviceList } from './advice-list.tsx';
import { Drifts } from './drifts.tsx';
import { fetchHealthOf } from './health-client.ts';
import { Losses } from './losses.tsx';
import { LostLooks } from './lost-looks.tsx';
import { shareOf } from './share-of.ts';

const AGAIN_EVERY_MS = 60_000;
const SPANS = [24, 168] as const;

/** All about one camera: advice, its share over the hours, its figures, and a sample of what it lost. */
export function CameraDetail({ id }: { id: string }) {
  const { t } = useWords();
  const [hours, setHours] = useState<number>(SPANS[0]);
  const turn = Math.floor(useNow() / AGAIN_EVERY_MS);
  const { value, error, retry } = useAnswer(`${id} ${hours} ${turn}`, (signal) => fetchHealthOf(id, hours, signal));
  return (
    <main class="screen health" id="content">
      <header class="screen-head">
        <h1>{value?.camera.status?.name ?? id}</h1>
        {value?.camera.status && <CameraState camera={value.camera.status} />}
        <a class="button" href={formatRoute({ screen: 'health', id: undefined })}>
          <Icon name="back" /> {t.frame.names.health}
        </a>
      </header>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={5} kind="row" />}
      {value && (
        <>
          <section class="panel" aria-labelledby="advice">
            <h2 id="advice">{t.health.advice}</h2>
            <AdviceList advice={value.camera.advice} />
          </section>
          <section class="panel" aria-label={t.health.share}>
            <div class="views">
              {SPANS.map((span) => (
                <button key={span} type="button" aria-pressed={span === hours} onClick={() => setHours(span)}>
                  {t.health.spans[span]}
                </button>
              ))}
            </div>
            <HourChart detail={value} />
          </section>
          <Figures camera={value.camera} />
          <Drifts drifts={value.camera.drift} />
          <LostLooks looks={value.lost} />
        </>
      )}
    </main>
  );
}

function HourChart({ detail: { by_hour: hours } }: { detail: QualityDetail }) {
  const { t, time, percent, number } = useWords();
  const points = hours.map(({ at }) => time(at).replace(/:00(?=\D*$)/, ''));
  return (
    <>
      <Chart
        title={t.health.share}
        points={points}
        range={[0, 1]}
        format={percent}
        series={[
          { name: t.health.now, values: hours.map(shareOf) },
          { name: t.health.weekBefore, values: hours.map(({ before }) => shareOf(before)), tone: 'quiet' },
        ]}
      />
      <Chart
        title={t.health.passagesByHour}
        points={points}
        height={110}
        format={number}
        series={[
          { name: t.health.seen, values: hours.map(({ read, lost }) => read + lost), kind: 'bars', tone: 'bad' },
          { name: t.health.read, values: hours.map(({ read }) => read), kind: 'bars', tone: 'good' },
        ]}
      />
    </>
  );
}

function Figures({ camera }: { camera: CameraQuality }) {
  const { t, number, percent } = useWords();
  const { passages, before, status } = camera;
  const told = (value: number | null, format = percent) => (value === null ? t.frame.unknown : format(value));
  const share = (tally: Tally) => told(shareOf(tally));
  const count = ({ read, lost }: Tally) => t.system.of(number(read), number(read + lost));
  return (
    <section class="facts" aria-label={t.health.figures}>
      <FactList title={t.health.passagesTitle}>
        <Fact name={t.health.readOfSeen}>{`${count(passages)} (${share(passages)})`}</Fact>
        <Fact name={t.health.weekBefore}>{`${count(before)} (${share(before)})`}</Fact>
        <Fact name={t.health.usual}>{told(camera.usual)}</Fact>
        <Fact name={t.health.byDay}>{share(camera.day)}</Fact>
        <Fact name={t.health.byNight}>{share(camera.night)}</Fact>
        <Fact name={t.health.noPlate}>{number(camera.no_plate)}</Fact>
        <Fact name={t.health.losses}>
          <Losses losses={camera.losses} />
        </Fact>
      </FactList>
      <FactList title={t.health.figures}>
        <Fact name={t.read.characterHeight}>{told(camera.char_height_px, (px) => `${number(px, 1)} px`)}</Fact>
        <Fact name={t.health.confidence}>{told(camera.confidence)}</Fact>
        <Fact name={t.health.doubtful}>{told(camera.doubtful)}</Fact>
        <Fact name={t.health.corrected}>{told(camera.corrected)}</Fact>
        <Fact name={t.health.clockOffset}>{told(camera.clock_offset_s, (seconds) => `${number(seconds, 1)} s`)}</Fact>
        <Fact name={t.health.newest}>{camera.newest_at ? <Time at={camera.newest_at} /> : t.frame.none}</Fact>
        {status && (
          <>
            <Fact name={t.system.framesPerSecond}>
              {t.system.of(number(status.fps_processed, 1), number(status.fps_in, 1))}
            </Fact>
            <Fact name={t.system.detectorRunsOn}>{status.detector_provider}</Fact>
          </>
        )}
      </FactList>
    </section>
  );
}
