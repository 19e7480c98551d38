import { useEffect, useState } from 'preact/hooks';
import type { Delivery } from '../../contract/api/deliveries.ts';
import { request } from './request.ts';

/** What follows a message is asked for this often, and this many times. */
const EVERY_MS = 700;
const TIMES = 40;

type Sent = Readonly<{ channel: string; delivery: string }>;

/** What became of a message by the log, asked for until it has gone, or for half a minute. */
export function useOutcome(sent: Sent | undefined): Delivery | undefined {
  const [found, setFound] = useState<Delivery>();
  useEffect(() => {
    setFound(undefined);
    if (sent === undefined) return;
    let isOver = false;
    let timer = 0;
    const look = async (left: number) => {
      const one = await findDelivery(sent).catch(() => undefined);
      if (isOver) return;
      if (one) setFound(one);
      if (left > 0 && (one === undefined || one.state === 'waiting'))
        timer = window.setTimeout(look, EVERY_MS, left - 1);
    };
    void look(TIMES);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [sent]);
  return found;
}

async function findDelivery({ channel, delivery }: Sent): Promise<Delivery | undefined> {
  const { deliveries } = await request<{ deliveries: readonly Delivery[] }>(`/deliveries?channel=${channel}&limit=20`);
  return deliveries.find(({ id }) => id === delivery);
}
