import { useState } from 'preact/hooks';
import type { KeptChannel } from '../../contract/api/channels.ts';
import { useAnswer } from '../data/answer.ts';
import { AlertsNav } from '../parts/alerts-nav.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { ChannelDialog } from './channel-dialog.tsx';
import { ChannelRow } from './channel-row.tsx';
import { fetchChannels } from './channels-client.ts';
import { DeliveryLog } from './delivery-log.tsx';
import { RemoveChannelDialog } from './remove-dialog.tsx';
import { TrialDialog } from './trial-dialog.tsx';
import '../styles/alerts.css';
import '../styles/channels.css';

/** Second part of the address of the log. */
const LOG = 'log';

/** Where alerts go: the channels, or the log of what was sent through them. */
export function ChannelsScreen({ id }: { id: string | undefined }) {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('channels', fetchChannels);
  const isLog = id === LOG;
  const views = [
    { id: undefined, name: t.channels.all, isShown: !isLog },
    { id: LOG, name: t.channels.log, isShown: isLog },
  ];
  return (
    <main class="screen channels" id="content">
      <AlertsNav screen="channels" />
      <h1 class="spoken">{t.frame.names.channels}</h1>
      <nav class="views" aria-label={t.frame.names.channels}>
        {views.map((view) => (
          <a
            key={view.name}
            href={formatRoute({ screen: 'channels', id: view.id })}
            aria-current={view.isShown ? 'page' : undefined}
          >
            {view.name}
          </a>
        ))}
      </nav>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={3} kind="row" />}
      {value && isLog && <DeliveryLog channels={value.channels} />}
      {value && !isLog && <Overview channels={value.channels} onChanged={retry} />}
    </main>
  );
}

/** What is open over the list. */
type Open = Readonly<{ kind: 'new' } | { kind: 'change' | 'remove' | 'try'; kept: KeptChannel }>;

function Overview({ channels, onChanged }: { channels: readonly KeptChannel[]; onChanged: () => void }) {
  const { t } = useWords();
  const [open, setOpen] = useState<Open>();
  const [tried, setTried] = useState<ReadonlyMap<string, string>>(new Map());
  const close = () => {
    setOpen(undefined);
    onChanged();
  };
  return (
    <>
      <div class="alerts-filter">
        <button type="button" class="button button-main" onClick={() => setOpen({ kind: 'new' })}>
          <Icon name="plus" /> {t.channels.create}
        </button>
      </div>
      {channels.length === 0 && (
        <Empty icon="bell" title={t.channels.none}>
          {t.channels.noneMeans}
        </Empty>
      )}
      {channels.length > 0 && (
        <table class="table panel">
          <thead>
            <tr>
              <th scope="col">{t.lists.name}</th>
              <th scope="col">{t.channels.kind}</th>
              <th scope="col">{t.channels.state}</th>
              <th scope="col">
                <span class="spoken">{t.people.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {channels.map((kept) => (
              <ChannelRow
                key={kept.channel.id}
                kept={kept}
                trial={tried.get(kept.channel.id)}
                onOpen={(kind) => setOpen({ kind, kept })}
              />
            ))}
          </tbody>
        </table>
      )}
      {open?.kind === 'new' && <ChannelDialog onClose={close} />}
      {open?.kind === 'change' && <ChannelDialog kept={open.kept} onClose={close} />}
      {open?.kind === 'remove' && <RemoveChannelDialog channel={open.kept.channel} onClose={close} />}
      {open?.kind === 'try' && (
        <TrialDialog
          channel={open.kept.channel}
          onClose={() => setOpen(undefined)}
          onSent={(delivery) => setTried((before) => new Map([...before, [open.kept.channel.id, delivery]]))}
        />
      )}
    </>
  );
}
