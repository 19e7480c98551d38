import { useMemo } from 'preact/hooks';
import type { KeptChannel } from '../../contract/api/channels.ts';
import { useOutcome } from '../data/outcome.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Outcome } from '../parts/outcome.tsx';
import { useWords } from '../speech.tsx';
import type { Words } from '../words.ts';
import { writeYaml } from './write-yaml.ts';

type RowOptions = Readonly<{
  kept: KeptChannel;
  /** The trial that was sent last. */
  trial: string | undefined;
  onOpen: (kind: 'change' | 'remove' | 'try') => void;
}>;

/** One channel: what it is, how it does, and what came of a trial. */
export function ChannelRow({ kept, trial, onOpen }: RowOptions) {
  const words = useWords();
  const { t } = words;
  const { channel, origin } = kept;
  const { id, name, enabled } = channel;
  const sent = useMemo(() => (trial === undefined ? undefined : { channel: id, delivery: trial }), [id, trial]);
  const outcome = useOutcome(sent);
  const yaml = writeYaml(kept);
  const deeds = origin === 'page' ? (['try', 'change', 'remove'] as const) : (['try'] as const);
  return (
    <tr class={enabled ? '' : 'row-off'}>
      <th scope="row">
        {name} <span class="quiet">{id}</span>
      </th>
      <td data-name={t.channels.kind}>
        <div>
          {' '}
          {t.channels.kinds[channel.kind]} {channel.opens && <span class="chip">{t.channels.opensChip}</span>}
          {origin === 'file' && <span class="quiet">{t.channels.ofFile}</span>}
        </div>
      </td>
      <td data-name={t.channels.state}>
        <div>
          <span>
            {describeState(kept, words)}
            {kept.dead > 0 && (
              <>
                {' · '}
                <a href="#/channels/log">{t.channels.dead(words.number(kept.dead))}</a>
              </>
            )}
          </span>
          {kept.trouble !== null && <span class="channel-trouble">{kept.trouble}</span>}
          {sent && <Outcome delivery={outcome} />}
          <details class="channel-yaml">
            <summary>{t.channels.yaml}</summary>
            {kept.secrets.length > 0 && <p class="form-hint">{t.channels.yamlMeans}</p>}
            <pre>{yaml}</pre>
            <CopyButton text={yaml} />
          </details>
        </div>
      </td>
      <td class="table-actions">
        {deeds.map((deed) => (
          <button
            key={deed}
            type="button"
            class="button"
            aria-label={t.channels.deedsOf[deed](name)}
            onClick={() => onOpen(deed)}
          >
            {t.channels.deeds[deed]}
          </button>
        ))}
      </td>
    </tr>
  );
}

function describeState({ channel, waiting, last_sent_at: at }: KeptChannel, { t, number, away }: Words): string {
  const states = [
    ...(channel.enabled ? [] : [t.channels.off]),
    ...(waiting > 0 ? [t.channels.waiting(number(waiting))] : []),
    at === null ? t.channels.neverSent : t.channels.lastSent(away(Date.parse(at), Date.now())),
  ];
  return states.join(' · ');
}
