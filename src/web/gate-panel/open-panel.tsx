import { useState } from 'preact/hooks';
import { useAnswer } from '../data/answer.ts';
import { useOutcome } from '../data/outcome.ts';
import { useAction } from '../parts/form.tsx';
import { Problem } from '../parts/notice.tsx';
import { Outcome } from '../parts/outcome.tsx';
import { recall, remember } from '../remember.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { fetchGateChannels, openGate } from './gate-client.ts';
import { HoldButton } from './hold-button.tsx';

const CHANNEL = 'gate-channel';

type Sent = Readonly<{ channel: string; delivery: string }>;

/** Opens a gate by hand, and says what came of it. */
export function OpenPanel({ camera, event }: { camera: string; event: string | null }) {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('gate-channels', fetchGateChannels);
  const [chosen, setChosen] = useState(recall(CHANNEL));
  const [reason, setReason] = useState('');
  const [sent, setSent] = useState<Sent>();
  const channels = value?.channels ?? [];
  const channel = channels.find(({ id }) => id === chosen) ?? channels[0];
  const action = useAction(async () => {
    if (!channel) return;
    setSent(undefined);
    const { delivery } = await openGate({ camera, channel: channel.id, event, reason: reason.trim() });
    setSent({ channel: channel.id, delivery });
    setReason('');
  });
  if (error !== undefined) return <Problem error={error} retry={retry} />;
  if (value && !channel) return <p class="quiet">{t.gate.noChannel}</p>;
  if (!channel) return null;
  return (
    <section class="gate-open" aria-label={t.gate.open}>
      {channels.length > 1 && (
        <select
          class="control"
          aria-label={t.gate.by}
          value={channel.id}
          onChange={({ currentTarget: { value: id } }) => {
            remember(CHANNEL, id);
            setChosen(id);
          }}
        >
          {channels.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
      <input
        class="control"
        aria-label={t.gate.reason}
        placeholder={t.gate.reason}
        maxLength={200}
        value={reason}
        onInput={({ currentTarget }) => setReason(currentTarget.value)}
      />
      {action.error !== undefined && <Problem error={action.error} />}
      {sent && <Opened sent={sent} channel={channel.name} />}
      <HoldButton isBusy={action.busy} onHeld={action.run} />
    </section>
  );
}

/** Whoever may not read the log is told that the opening went off. */
function Opened({ sent, channel }: { sent: Sent; channel: string }) {
  const { t } = useWords();
  const seesLog = useServices().may('alerts');
  const outcome = useOutcome(seesLog ? sent : undefined);
  if (seesLog) return <Outcome delivery={outcome} />;
  return (
    <p class="outcome" role="status">
      {t.gate.handed(channel)}
    </p>
  );
}
