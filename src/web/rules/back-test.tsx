import { useEffect, useState } from 'preact/hooks';
import type { BackTestProgress, BackTestSample } from '../../contract/api/back-test.ts';
import type { Rule } from '../../contract/rule.ts';
import { useAnswer } from '../data/answer.ts';
import { fetchEvent } from '../data/client.ts';
import { Confidence } from '../parts/confidence.tsx';
import { Problem } from '../parts/notice.tsx';
import { StoredPicture } from '../parts/picture.tsx';
import { Plate } from '../parts/plate.tsx';
import { Time } from '../parts/time.tsx';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { BarChart } from './bar-chart.tsx';
import { useNameOf } from './known.ts';
import { tryRule } from './rules-client.ts';

const PERIODS = [7, 30, 90] as const;
const DAY_MS = 86_400_000;
/** Samples that are shown of each kind. */
const SHOWN = 6;

type Trial = Readonly<{ progress?: BackTestProgress; error?: unknown }>;
type TestOptions = Readonly<{ rule: Rule | undefined; before: Rule | undefined }>;

/** What the rule would have done, from when it is asked for; each edit that fits begins anew. */
export function BackTest({ rule, before }: TestOptions) {
  const { t, countOf } = useWords();
  const [days, setDays] = useState<number>(30);
  const [isOn, setOn] = useState(false);
  const [trial, setTrial] = useState<Trial>({});
  const key = JSON.stringify([rule, days]);
  useEffect(() => {
    if (!isOn || rule === undefined) return;
    const abort = new AbortController();
    const to = new Date();
    const period = { from: new Date(to.getTime() - days * DAY_MS).toISOString(), to: to.toISOString() };
    const isChanged = before !== undefined && JSON.stringify(before) !== JSON.stringify(rule);
    setTrial({});
    tryRule({ rule, before: isChanged ? before : undefined, ...period }, abort.signal, (progress) =>
      setTrial({ progress }),
    ).catch((error: unknown) => abort.signal.aborted || setTrial({ error }));
    return () => abort.abort();
  }, [isOn, key]);
  const { progress, error } = trial;
  const isRunning = isOn && rule !== undefined && error === undefined && (progress?.done ?? 0) < 1;
  return (
    <section class="rule-test panel" aria-labelledby="rule-test">
      <h2 id="rule-test">{t.rules.test}</h2>
      <div class="rule-test-tools">
        <select
          class="control"
          aria-label={t.rules.period}
          value={days}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
        >
          {PERIODS.map((one) => (
            <option key={one} value={one}>
              {t.rules.lastDays(countOf(one, t.frame.days))}
            </option>
          ))}
        </select>
        <button type="button" class="button" disabled={rule === undefined && !isOn} onClick={() => setOn(!isOn)}>
          {isOn ? t.rules.stop : t.rules.start}
        </button>
      </div>
      {!isOn && !progress && <p class="quiet">{t.rules.testMeans}</p>}
      {isOn && rule === undefined && <p class="quiet">{t.rules.testWaits}</p>}
      {isRunning && <progress aria-label={t.rules.test} value={progress?.done ?? 0} max={1} />}
      {error !== undefined && <Problem error={error} />}
      {progress && <Result progress={progress} days={days} />}
    </section>
  );
}

function Result({ progress, days }: { progress: BackTestProgress; days: number }) {
  const { t, number, countOf, day } = useWords();
  const nameOf = useNameOf('cameras');
  const { alerts, reads, sent, likely_false: wrong, change } = progress;
  const tell = ({ name, value }: { name: string; value: number }) => `${name}: ${countOf(value, t.rules.alerts)}`;
  const byDay = new Map(progress.by_day.map((one) => [one.day, one.alerts]));
  const dates = Array.from({ length: days + 1 }, (_, index) =>
    new Date(Date.now() - (days - index) * DAY_MS).toISOString().slice(0, 10),
  );
  return (
    <>
      <p class="rule-total" role="status" data-done={progress.done}>
        <b>{countOf(alerts, t.rules.alerts)}</b>
      </p>
      <ul class="rule-facts">
        <li>{t.rules.checked(countOf(reads, t.frame.reads))}</li>
        <li>{t.rules.aDay(number(alerts / days, 1))}</li>
        {sent < alerts && <li>{t.rules.sent(number(sent))}</li>}
        {alerts > 0 && <li>{t.rules.likelyFalse(number(wrong, 1))}</li>}
      </ul>
      {change && (
        <>
          <p class="rule-change">{t.rules.change(number(change.added), number(change.removed))}</p>
          {change.added > 0 && <Samples title={t.rules.added} samples={change.added_samples} />}
          {change.removed > 0 && <Samples title={t.rules.removed} samples={change.removed_samples} />}
        </>
      )}
      {alerts > 0 && (
        <>
          <BarChart
            label={t.rules.byDay}
            bars={dates.map((date) => ({ name: day(`${date}T12:00:00Z`), value: byDay.get(date) ?? 0 }))}
            tell={tell}
          />
          <BarChart
            label={t.rules.byHour}
            bars={progress.by_hour.map((value, hour) => ({ name: `${String(hour).padStart(2, '0')}:00`, value }))}
            tell={tell}
          />
          <ul class="rule-facts" aria-label={t.rules.byCamera}>
            {progress.by_camera.map((one) => (
              <li key={one.camera_id}>{tell({ name: nameOf(one.camera_id), value: one.alerts })}</li>
            ))}
          </ul>
          {progress.done === 1 && <Samples title={t.rules.samples} samples={progress.samples} />}
        </>
      )}
    </>
  );
}

function Samples({ title, samples }: { title: string; samples: readonly BackTestSample[] }) {
  return (
    <>
      <h3>{title}</h3>
      <ul class="rule-samples">
        {samples.slice(0, SHOWN).map((sample) => (
          <Sample key={sample.event_id} sample={sample} />
        ))}
      </ul>
    </>
  );
}

function Sample({ sample }: { sample: BackTestSample }) {
  const { t } = useWords();
  const nameOf = useNameOf('cameras');
  const { value } = useAnswer(`event ${sample.event_id}`, (signal) => fetchEvent(sample.event_id, signal));
  const camera = nameOf(sample.camera_id);
  return (
    <li>
      <a href={formatRoute({ screen: 'read', id: sample.event_id })} target="_blank" rel="noreferrer">
        <span class="spoken">{t.frame.openRead(sample.text, camera)}</span>
        <StoredPicture picture={value?.event.images?.plate} alt="" lazy />
        <Plate text={sample.text} />
      </a>
      <span class="quiet">
        {camera}, <Time at={sample.detected_at} />
      </span>
      <Confidence p={sample.p} />
    </li>
  );
}
