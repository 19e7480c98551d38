import { useEffect, useState } from 'preact/hooks';
import { useWords } from '../speech.tsx';

/** Milliseconds since the epoch, updated every second while the page is visible. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How long ago, kept up to date. */
export function Ago({ at }: { at: string }) {
  const { ago } = useWords();
  const now = useNow();
  return <span class="ago">{ago(Date.parse(at), now)}</span>;
}

/** A moment as time of day, with the full date and time on hover. */
export function Time({ at }: { at: string }) {
  const { moment, time } = useWords();
  return (
    <time dateTime={at} title={moment(at)}>
      {time(at)}
    </time>
  );
}
