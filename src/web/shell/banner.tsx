import { useCell } from '../data/cell.ts';
import { Icon } from '../parts/icon.tsx';
import { useNow } from '../parts/time.tsx';
import { useServices } from '../services.ts';

/** Says that the stream is broken and when the next attempt comes, and offers to retry now. */
export function ConnectionBanner() {
  const { stream } = useServices().feed;
  const connection = useCell(stream.connection);
  if (connection.state !== 'lost') return null;
  return (
    <div class="banner" role="alert">
      <Icon name="warning" />
      <p>
        Connection lost. What you see is not current. <Countdown until={connection.retryAt} />
      </p>
      <button type="button" class="button" onClick={() => stream.connect()}>
        Try now
      </button>
    </div>
  );
}

function Countdown({ until }: { until: number }) {
  const seconds = Math.max(0, Math.ceil((until - useNow()) / 1000));
  return <span aria-hidden="true">{seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again…'}</span>;
}
