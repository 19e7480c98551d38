import type { Mute } from '../../contract/api/alerts.ts';
import { useAnswer } from '../data/answer.ts';
import { useAction } from '../parts/form.tsx';
import { Problem } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { fetchMutes, removeMute } from './alerts-client.ts';

/** What is silenced now; nothing where nothing is. */
export function Mutes() {
  const { t } = useWords();
  const { value, retry } = useAnswer('mutes', fetchMutes);
  if (value === undefined || value.mutes.length === 0) return null;
  return (
    <section aria-labelledby="mutes">
      <h2 id="mutes">{t.alerts.muted}</h2>
      <ul class="mutes panel">
        {value.mutes.map((mute) => (
          <MuteRow key={mute.id} mute={mute} onEnded={retry} />
        ))}
      </ul>
    </section>
  );
}

function MuteRow({ mute, onEnded }: { mute: Mute; onEnded: () => void }) {
  const { t, minute } = useWords();
  const action = useAction(async () => {
    await removeMute(mute.id);
    onEnded();
  });
  const what = [mute.plate === null ? undefined : t.alerts.plateOf(mute.plate), mute.rule ?? t.alerts.everyRule];
  const named = what.filter(Boolean).join(', ');
  return (
    <li>
      <span>
        {named} <span class="quiet">{mute.until === null ? t.alerts.forEver : t.alerts.until(minute(mute.until))}</span>
      </span>
      <button
        type="button"
        class="button"
        aria-label={t.alerts.unmuteOf(named)}
        disabled={action.busy}
        onClick={action.run}
      >
        {t.alerts.unmute}
      </button>
      {action.error !== undefined && <Problem error={action.error} />}
    </li>
  );
}
