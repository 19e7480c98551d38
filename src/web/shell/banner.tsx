import { useCell } from '../data/cell.ts';
import { Icon } from '../parts/icon.tsx';
import { useNow } from '../parts/time.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';

/** Says that the stream is broken and when the next attempt comes, and offers to retry now. */
export function ConnectionBanner() {
  const { t } = useWords();
  const { stream } = useServices().feed;
  const connection = useCell(stream.connection);
  if (connection.state !== 'lost') return null;
  return (
    <div class="banner" role="alert">
      <Icon name="warning" />
      <p>
        {t.frame.lost} <Countdown until={connection.retryAt} />
      </p>
      <button type="button" class="button" onClick={() => stream.connect()}>
        {t.frame.tryNow}
      </button>
    </div>
  );
}

function Countdown({ until }: { until: number }) {
  const { t, number } = useWords();
  const seconds = Math.max(0, Math.ceil((until - useNow()) / 1000));
  return <span aria-hidden="true">{seconds > 0 ? t.frame.tryingIn(number(seconds)) : t.frame.trying}</span>;
}
