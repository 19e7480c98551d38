import { useState } from 'preact/hooks';
import { useAnswer } from '../data/answer.ts';
import { useAction } from '../parts/form.tsx';
import { Problem } from '../parts/notice.tsx';
import { useServices } from '../services.ts';
import { recallSound, rememberSound, type Sound } from '../shell/alert-sound.ts';
import { useWords } from '../speech.tsx';
import { canBeTold, findSubscription, hasPushChannel, tellNoMore, tellThisBrowser } from './push.ts';

/** How this browser tells of new alerts: by a sound while the page is open, by notifications while it is not. */
export function Telling() {
  const { t } = useWords();
  return (
    <section class="telling panel" aria-label={t.alerts.telling}>
      <SoundSwitch />
      <PushSwitch />
    </section>
  );
}

function SoundSwitch() {
  const { t } = useWords();
  const [sound, setSound] = useState(recallSound);
  const choose = (chosen: Sound) => {
    rememberSound(chosen);
    setSound(chosen);
  };
  return (
    <div class="telling-line">
      <label class="choice">
        <input
          type="checkbox"
          checked={sound !== 'none'}
          onChange={({ currentTarget: { checked } }) => choose(checked ? 'urgent' : 'none')}
        />{' '}
        {t.alerts.sound}
      </label>
      {sound !== 'none' && (
        <label class="choice">
          <input
            type="checkbox"
            checked={sound === 'all'}
            onChange={({ currentTarget: { checked } }) => choose(checked ? 'all' : 'urgent')}
          />{' '}
          {t.alerts.soundForInfo}
        </label>
      )}
    </div>
  );
}

function PushSwitch() {
  const { t } = useWords();
  if (!canBeTold()) return <p class="quiet">{t.alerts.cannotBeTold}</p>;
  return <PushButton />;
}

function PushButton() {
  const { t } = useWords();
  const { may } = useServices();
  const seesChannels = may('alerts');
  const { value, retry } = useAnswer('subscription', async (signal) => ({
    subscription: await findSubscription(),
    hasChannel: seesChannels ? await hasPushChannel(signal) : true,
  }));
  const subscription = value?.subscription ?? null;
  const action = useAction(async () => {
    await (subscription === null ? tellThisBrowser() : tellNoMore(subscription));
    retry();
  });
  return (
    <div class="telling-line">
      <button type="button" class="button" disabled={action.busy || value === undefined} onClick={action.run}>
        {subscription === null ? t.alerts.tellMe : t.alerts.tellMeNoMore}
      </button>
      {value?.hasChannel === false && <span class="quiet">{t.alerts.noPushChannel}</span>}
      {action.error !== undefined && <Problem error={action.error} />}
    </div>
  );
}
