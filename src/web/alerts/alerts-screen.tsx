import { useEffect, useState } from 'preact/hooks';
import type { KeptAlert } from '../../contract/api/alerts.ts';
import { useCell } from '../data/cell.ts';
import { usePages } from '../data/pages.ts';
import { AlertsNav } from '../parts/alerts-nav.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { AlertCard } from './alert-card.tsx';
import { fetchAlerts, handleAlert, type Show } from './alerts-client.ts';
import { MuteDialog } from './mute-dialog.tsx';
import { Mutes } from './mutes.tsx';
import { Telling } from './telling.tsx';
import '../styles/alerts.css';

const SHOWS: readonly Show[] = ['open', 'all', 'held', 'withdrawn'];
const SEVERITIES = ['critical', 'warning', 'info'] as const;

/** The inbox: what rules found, newest first, and what people did with it. */
export function AlertsScreen() {
  const { t } = useWords();
  const { may, feed } = useServices();
  const [show, setShow] = useState<Show>('open');
  const [severity, setSeverity] = useState('');
  const [muted, setMuted] = useState<KeptAlert>();
  const [handled, setHandled] = useState<ReadonlyMap<string, KeptAlert>>(new Map());
  const list = usePages(`${show} ${severity}`, (cursor) => fetchAlerts(show, severity, cursor));
  const newest = useCell(feed.alert);
  useEffect(() => {
    if (newest) list.again();
  }, [newest]);
  useEffect(() => setHandled(new Map()), [show, severity, list.pages[0]]);
  const alerts = list.pages.flatMap((page) => page.alerts).map((kept) => handled.get(kept.alert.alert_id) ?? kept);
  const keep = (...all: readonly KeptAlert[]) => {
    for (const { alert, handled } of all) feed.openAlerts.mark(alert.alert_id, handled.acknowledged === null);
    setHandled((before) => new Map([...before, ...all.map((kept) => [kept.alert.alert_id, kept] as const)]));
  };
  const open = alerts.filter((kept) => kept.handled.acknowledged === null);
  const acknowledgeAll = async () => {
    const done = await Promise.allSettled(open.map(({ alert }) => handleAlert(alert.alert_id, { acknowledged: true })));
    keep(...done.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  };
  return (
    <main class="screen alerts" id="content">
      <h1 class="spoken">{t.frame.names.alerts}</h1>
      <AlertsNav screen="alerts" />
      <div class="alerts-filter">
        <select
          class="control"
          aria-label={t.alerts.show}
          value={show}
          onChange={(event) => setShow(event.currentTarget.value as Show)}
        >
          {SHOWS.map((one) => (
            <option key={one} value={one}>
              {t.alerts.shows[one]}
            </option>
          ))}
        </select>
        <select
          class="control"
          aria-label={t.alerts.severity}
          value={severity}
          onChange={(event) => setSeverity(event.currentTarget.value)}
        >
          <option value="">{t.alerts.severity}</option>
          {SEVERITIES.map((one) => (
            <option key={one} value={one}>
              {t.alerts.severities[one]}
            </option>
          ))}
        </select>
        {may('events:write') && show === 'open' && open.length > 1 && (
          <button type="button" class="button" onClick={() => void acknowledgeAll()}>
            {t.alerts.acknowledgeAll}
          </button>
        )}
      </div>
      {list.error !== undefined && <Problem error={list.error} retry={list.again} />}
      {list.pages.length === 0 && list.error === undefined && <Skeleton rows={4} kind="row" />}
      {list.pages.length > 0 && alerts.length === 0 && <NoAlerts isFiltered={show !== 'open' || severity !== ''} />}
      <ul class="alert-list">
        {alerts.map((kept) => (
          <AlertCard key={kept.alert.alert_id} kept={kept} onHandled={keep} onMute={() => setMuted(kept)} />
        ))}
      </ul>
      {list.pages.length > 0 && !list.isLast && (
        <button type="button" class="button button-wide" disabled={list.loading} onClick={list.more}>
          {list.loading ? t.search.lookingFurther : t.search.showMore}
        </button>
      )}
      <Telling />
      {may('alerts') && <Mutes key={String(muted === undefined)} />}
      {muted && <MuteDialog kept={muted} onClose={() => setMuted(undefined)} />}
    </main>
  );
}

function NoAlerts({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useWords();
  if (isFiltered) return <Empty icon="bell" title={t.alerts.noneFit} />;
  return (
    <Empty icon="bell" title={t.alerts.none}>
      {t.alerts.noneMeans}
    </Empty>
  );
}
