import { useEffect, useState } from 'preact/hooks';
import type { KeptChannel } from '../../contract/api/channels.ts';
import type { Delivery } from '../../contract/api/deliveries.ts';
import { useCell } from '../data/cell.ts';
import { usePages } from '../data/pages.ts';
import { useAction } from '../parts/form.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { fetchDeliveries, replayDeliveries } from './channels-client.ts';

const STATES = ['waiting', 'sent', 'dead', 'dropped'] as const;
const EVERYTHING = { channel: '', state: '' };

/** What was sent to whom, newest first, and what the other side answered; what was given up is sent off again here. */
export function DeliveryLog({ channels }: { channels: readonly KeptChannel[] }) {
  const { t } = useWords();
  const [filter, setFilter] = useState(EVERYTHING);
  const list = usePages(`${filter.channel} ${filter.state}`, (cursor) => fetchDeliveries(filter, cursor));
  const newest = useCell(useServices().feed.alert);
  useEffect(() => {
    if (newest) list.again();
  }, [newest]);
  const deliveries = list.pages.flatMap((page) => page.deliveries);
  return (
    <>
      <div class="alerts-filter">
        <select
          class="control"
          aria-label={t.channels.channel}
          value={filter.channel}
          onChange={(event) => setFilter({ ...filter, channel: event.currentTarget.value })}
        >
          <option value="">{t.channels.everyChannel}</option>
          {channels.map(({ channel }) => (
            <option key={channel.id} value={channel.id}>
              {channel.name}
            </option>
          ))}
        </select>
        <select
          class="control"
          aria-label={t.channels.state}
          value={filter.state}
          onChange={(event) => setFilter({ ...filter, state: event.currentTarget.value })}
        >
          <option value="">{t.channels.everyState}</option>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {t.channels.states[state]}
            </option>
          ))}
        </select>
        <button type="button" class="button" onClick={list.again}>
          {t.channels.refresh}
        </button>
        {filter.channel !== '' && <ReplayAll key={filter.channel} channel={filter.channel} onDone={list.again} />}
      </div>
      {list.error !== undefined && <Problem error={list.error} retry={list.again} />}
      {list.pages.length === 0 && list.error === undefined && <Skeleton rows={4} kind="row" />}
      {list.pages.length > 0 && deliveries.length === 0 && <Empty icon="bell" title={t.channels.noDelivery} />}
      {deliveries.length > 0 && <Deliveries deliveries={deliveries} channels={channels} onAgain={list.again} />}
      {list.pages.length > 0 && !list.isLast && (
        <button type="button" class="button button-wide" disabled={list.loading} onClick={list.more}>
          {list.loading ? t.search.lookingFurther : t.search.showMore}
        </button>
      )}
    </>
  );
}

function ReplayAll({ channel, onDone }: { channel: string; onDone: () => void }) {
  const { t, number } = useWords();
  const [count, setCount] = useState<number>();
  const action = useAction(async () => {
    setCount((await replayDeliveries({ channel })).replayed);
    onDone();
  });
  return (
    <>
      <button type="button" class="button" disabled={action.busy} onClick={action.run}>
        {t.channels.allAgain}
      </button>
      {count !== undefined && <span role="status">{t.channels.replayed(number(count))}</span>}
      {action.error !== undefined && <Problem error={action.error} />}
    </>
  );
}

type TableOptions = Readonly<{
  deliveries: readonly Delivery[];
  channels: readonly KeptChannel[];
  onAgain: () => void;
}>;

function Deliveries({ deliveries, channels, onAgain }: TableOptions) {
  const { t } = useWords();
  const names = new Map(channels.map(({ channel }) => [channel.id, channel.name]));
  return (
    <table class="table panel">
      <thead>
        <tr>
          <th scope="col">{t.channels.alert}</th>
          <th scope="col">{t.channels.channel}</th>
          <th scope="col">{t.channels.state}</th>
          <th scope="col">{t.channels.answer}</th>
          <th scope="col">
            <span class="spoken">{t.people.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <DeliveryRow
            key={delivery.id}
            delivery={delivery}
            channel={names.get(delivery.channel) ?? delivery.channel}
            onAgain={onAgain}
          />
        ))}
      </tbody>
    </table>
  );
}

function DeliveryRow({ delivery, channel, onAgain }: { delivery: Delivery; channel: string; onAgain: () => void }) {
  const { t, minute, moment, countOf } = useWords();
  const { state, status, rule, plate, recipient, answer, next_at: next } = delivery;
  const action = useAction(async () => {
    await replayDeliveries({ ids: [delivery.id] });
    onAgain();
  });
  const what = [rule, plate, status === 'raised' ? null : t.alerts.statuses[status]].filter(Boolean).join(' · ');
  return (
    <tr>
      <th scope="row">
        {what}{' '}
        <time class="quiet" dateTime={delivery.created_at} title={moment(delivery.created_at)}>
          {minute(delivery.created_at)}
        </time>
      </th>
      <td data-name={t.channels.channel}>{channel}</td>
      <td data-name={t.channels.state}>
        <div>
          <span class={`chip ${state === 'dead' ? 'chip-bad' : ''}`}>{t.channels.states[state]}</span>
          <span class="quiet">
            {' '}
            {countOf(delivery.attempts, t.channels.attempts)}
            {state === 'waiting' && next !== null && `, ${t.channels.nextTry(minute(next))}`}
          </span>
        </div>
      </td>
      <td data-name={t.channels.answer}>
        {answer ?? '–'} {recipient !== null && <span class="quiet">{t.channels.to(recipient)}</span>}
      </td>
      <td class="table-actions">
        {state === 'dead' && (
          <button
            type="button"
            class="button"
            aria-label={t.channels.againOf(what)}
            disabled={action.busy}
            onClick={action.run}
          >
            {t.channels.again}
          </button>
        )}
        {action.error !== undefined && <Problem error={action.error} />}
      </td>
    </tr>
  );
}
