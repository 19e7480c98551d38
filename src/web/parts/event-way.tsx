import './event-way.css';
import type { EventWay, WayStep } from '../../contract/api/way.ts';
import { useAnswer } from '../data/answer.ts';
import { fetchWay } from '../data/client.ts';
import { useWords } from '../speech.tsx';
import { nameIn } from '../words.ts';
import { Icon } from './icon.tsx';
import { Problem, Skeleton } from './notice.tsx';

/** Shorter waits are drawn alike; a step that came days later must not press all others into one line, milliseconds. */
const UNIT_MS = 100;

/** Where an event was, and when: a list of its steps, each with a bar from when it began to wait for it. A newer revision has more. */
export function EventWayList({ id, revision = 0 }: { id: string; revision?: number }) {
  const { t } = useWords();
  const { value, error, retry } = useAnswer(`way-${id} ${revision}`, (signal) => fetchWay(id, signal));
  if (error !== undefined && value === undefined) return <Problem error={error} retry={retry} />;
  if (value === undefined) return <Skeleton rows={4} />;
  return (
    <div class="way">
      <Steps way={value} />
      <p class="quiet">
        {t.way.scale} {t.way.trace}{' '}
        {value.trace_url === null ? (
          <code>{value.trace_id}</code>
        ) : (
          <a href={value.trace_url} target="_blank" rel="noreferrer">
            <code>{value.trace_id}</code> <Icon name="link" />
          </a>
        )}
      </p>
    </div>
  );
}

function Steps({ way: { steps } }: { way: EventWay }) {
  const { t, time, moment, duration, number } = useWords();
  const times = steps.flatMap(({ at, ms }) => [Date.parse(at) - Math.max(0, ms), Date.parse(at)]);
  const first = Math.min(...times);
  const whole = scale(Math.max(...times) - first);
  const place = (at: number) => (100 * scale(at - first)) / (whole || 1);
  return (
    <ol class="way-steps">
      {steps.map((step, index) => {
        const end = Date.parse(step.at);
        const from = place(end - Math.max(0, step.ms));
        return (
          <li key={index} class={`way-step way-${step.service}`} data-step={step.step}>
            <span class="way-name">
              {t.way.steps[step.step]}
              {step.revision !== null && step.revision < 1_000_000 && (
                <span class="quiet"> {t.read.revision(number(step.revision))}</span>
              )}
            </span>
            <svg class="way-bar" aria-hidden="true" focusable="false" preserveAspectRatio="none" viewBox="0 0 100 10">
              <rect x={Math.min(from, 99)} y="2" width={Math.max(1, place(end) - from)} height="6" rx="0.5" />
            </svg>
            <span class="way-times">
              <time dateTime={step.at} title={moment(step.at)}>
                {time(step.at)}
              </time>{' '}
              {step.ms > 0 && <span class="way-took">{t.way.after(duration(step.ms))}</span>}
              {step.ms < 0 && <span class="way-took">{t.way.clocksDiffer}</span>}
            </span>
            <Detail step={step} />
          </li>
        );
      })}
    </ol>
  );
}

function Detail({ step: { service, detail } }: { step: WayStep }) {
  const { t } = useWords();
  return (
    <span class="way-detail quiet">
      <code>{service}</code>
      {detail !== undefined && ` · ${nameIn(t.frame.statuses, detail) ?? detail}`}
    </span>
  );
}

function scale(ms: number): number {
  return Math.log1p(ms / UNIT_MS);
}
