import { useState } from 'preact/hooks';
import type { HandleAlert, KeptAlert } from '../../contract/api/alerts.ts';
import { addressOfImage } from '../data/client.ts';
import { Problem } from '../parts/notice.tsx';
import { Plate } from '../parts/plate.tsx';
import { formatRoute } from '../route.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { handleAlert } from './alerts-client.ts';

type CardOptions = Readonly<{
  kept: KeptAlert;
  onHandled: (kept: KeptAlert) => void;
  onMute: () => void;
}>;

/** One alert: what was found and why, and what may be done with it. */
export function AlertCard({ kept, onHandled, onMute }: CardOptions) {
  const { t, minute, likelihoodInWords } = useWords();
  const { may } = useServices();
  const { alert, handled } = kept;
  const { passage, matched, rule } = alert;
  const change = useChange(alert.alert_id, onHandled);
  const isSettled = alert.status === 'withdrawn' || handled.acknowledged !== null;
  return (
    <li class={`alert panel alert-${rule.severity} ${isSettled ? 'alert-settled' : ''}`}>
      {passage?.pictures && may('images') && (
        <a class="alert-picture" href={formatRoute({ screen: 'read', id: passage.event_id })}>
          <img
            src={addressOfImage(passage.pictures.plate)}
            alt={t.frame.openRead(passage.text, passage.camera_name)}
            loading="lazy"
            decoding="async"
          />
        </a>
      )}
      <div class="alert-body">
        <h2 class="alert-title">
          <span class={`chip chip-${rule.severity}`}>{t.alerts.severities[rule.severity]}</span> {rule.name}
          {alert.status !== 'raised' && <span class="chip">{t.alerts.statuses[alert.status]}</span>}
        </h2>
        {passage ? (
          <a class="alert-read" href={formatRoute({ screen: 'read', id: passage.event_id })}>
            <Plate text={passage.text} region={passage.region} />
            <span>{passage.camera_name || passage.camera_id}</span>
          </a>
        ) : (
          <p class="quiet">{t.alerts.aboutSystem}</p>
        )}
        <p>{alert.why}</p>
        {matched && <p class="quiet">{t.alerts.probability(likelihoodInWords(matched.p))}</p>}
        <p class="quiet">
          <time dateTime={passage?.detected_at ?? alert.at}>{minute(passage?.detected_at ?? alert.at)}</time>
          {alert.held_back !== null && ` · ${t.alerts.heldBack[alert.held_back]}`}
        </p>
        {rule.verify && <Verification kept={kept} change={change.run} />}
        <Handled kept={kept} />
        {change.error !== undefined && <Problem error={change.error} />}
        {may('events:write') && (
          <div class="alert-actions">
            <button
              type="button"
              class={handled.acknowledged ? 'button' : 'button button-main'}
              disabled={change.busy}
              onClick={() => change.run({ acknowledged: handled.acknowledged === null })}
            >
              {handled.acknowledged ? t.alerts.reopen : t.alerts.acknowledge}
            </button>
            <Rightness kept={kept} change={change.run} />
            <Note kept={kept} change={change.run} />
            {may('alerts') && (
              <button type="button" class="button" onClick={onMute}>
                {t.alerts.mute}
              </button>
            )}
          </div>
        )}
      </div>
    </li>
  );
}

type Change = (done: HandleAlert) => void;

function useChange(id: string, onHandled: (kept: KeptAlert) => void) {
  const [state, setState] = useState<Readonly<{ busy: boolean; error?: unknown }>>({ busy: false });
  const run: Change = (done) => {
    if (state.busy) return;
    setState({ busy: true });
    handleAlert(id, done).then(
      (kept) => {
        setState({ busy: false });
        onHandled(kept);
      },
      (error: unknown) => setState({ busy: false, error }),
    );
  };
  return { error: undefined, ...state, run };
}

/** The crop beside the text, which a person compares before anybody acts. */
function Verification({ kept, change }: { kept: KeptAlert; change: Change }) {
  const { t, minute } = useWords();
  const { may } = useServices();
  const { verified } = kept.handled;
  if (verified) return <p class="alert-verified">{t.alerts.verifiedBy(verified.by, minute(verified.at))}</p>;
  return (
    <p class="alert-verify">
      <strong>{t.alerts.verifyFirst}</strong>{' '}
      {may('events:write') && (
        <button type="button" class="button" onClick={() => change({ verified: true })}>
          {t.alerts.verify}
        </button>
      )}
    </p>
  );
}

function Handled({ kept: { handled } }: { kept: KeptAlert }) {
  const { t, minute } = useWords();
  const { acknowledged, note } = handled;
  return (
    <>
      {acknowledged && <p class="quiet">{t.alerts.acknowledgedBy(acknowledged.by, minute(acknowledged.at))}</p>}
      {note !== null && <p class="alert-note">{note}</p>}
    </>
  );
}

function Rightness({ kept, change }: { kept: KeptAlert; change: Change }) {
  const { t } = useWords();
  const { was_right: right } = kept.handled;
  return (
    <fieldset class="alert-right">
      <legend>{t.alerts.right}</legend>
      {([true, false] as const).map((answer) => (
        <button
          key={String(answer)}
          type="button"
          class="button"
          aria-pressed={right === answer}
          onClick={() => change({ was_right: right === answer ? null : answer })}
        >
          {answer ? t.alerts.yes : t.alerts.no}
        </button>
      ))}
    </fieldset>
  );
}

function Note({ kept, change }: { kept: KeptAlert; change: Change }) {
  const { t } = useWords();
  const [text, setText] = useState<string>();
  if (text === undefined) {
    return (
      <button type="button" class="button" onClick={() => setText(kept.handled.note ?? '')}>
        {t.alerts.note}
      </button>
    );
  }
  return (
    <form
      class="alert-note-form"
      onSubmit={(event) => {
        event.preventDefault();
        change({ note: text.trim() === '' ? null : text.trim() });
        setText(undefined);
      }}
    >
      <input
        class="control"
        aria-label={t.alerts.note}
        maxLength={2000}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        ref={(input) => void (document.activeElement === document.body && input?.focus())}
      />
      <button type="submit" class="button">
        {t.alerts.save}
      </button>
    </form>
  );
}
