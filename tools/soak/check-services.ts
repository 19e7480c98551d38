import { setTimeout as sleep } from 'node:timers/promises';
import type { PlateEvent } from '../../src/contract/plate-event.ts';

const SAMPLE = 100;
const PATIENCE_MS = 180_000;

type Health = Readonly<{ status: string }>;
type Found = Readonly<{ results: readonly Readonly<{ event: PlateEvent }>[] }>;
type One = Readonly<{ event: PlateEvent; revisions: readonly PlateEvent[] }>;

/** What `alpr serve` and `alpr metrics-consumer` must still know; neither is started anew for it. */
export async function checkServices(
  { serve, metrics, authorization }: Readonly<{ serve: string; metrics: string; authorization: string }>,
  newest: ReadonlyMap<string, PlateEvent>,
): Promise<Record<string, number>> {
  const events = [...newest.values()];
  const step = Math.max(1, Math.floor(events.length / SAMPLE));
  const sample = events.filter((_, at) => at % step === 0).slice(0, SAMPLE);
  const ask = <Answer>(path: string) => askFor<Answer>(serve + path, authorization);
  const healthy = await becomes(async () => (await ask<Health>('/health'))?.status === 'ok');
  let [unfound, unserved] = [0, 0];
  for (const { event_id, revision, plate } of sample) {
    const query = new URLSearchParams({ q: plate.text_normalized, mode: 'exact' });
    const found = await ask<Found>(`/events/search?${query}`);
    const [only] = found?.results.length === 1 ? found.results : [];
    if (only?.event.event_id !== event_id || only.event.revision !== revision) unfound++;
    const one = await ask<One>(`/events/${event_id}`);
    if (one?.event.revision !== revision || one.revisions.length !== revision) unserved++;
  }
  const reported = await becomes(async () => hasAll(await (await fetch(metrics)).text()));
  return {
    'alpr serve is not healthy again': healthy ? 0 : 1,
    'sampled plates that the API does not find': unfound,
    'sampled events that the API does not show with all revisions': unserved,
    'alpr metrics-consumer does not show every process': reported ? 0 : 1,
  };
}

/** Two ingest processes, index, serve and itself report. */
function hasAll(text: string): boolean {
  const count = (service: string) => text.match(new RegExp(`^alpr_report_age_seconds\\{.*service="${service}"`, 'gm'));
  const alone = ['index', 'serve', 'metrics-consumer'].every((service) => count(service)?.length === 1);
  return alone && count('ingest')?.length === 2;
}

/** The answer, or undefined where it is none. */
async function askFor<Answer>(url: string, authorization: string): Promise<Answer | undefined> {
  const response = await fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(15_000) });
  const body: unknown = await response.json();
  return response.ok ? (body as Answer) : undefined;
}

async function becomes(isSo: () => Promise<boolean>): Promise<boolean> {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await sleep(500)) {
    if (await isSo().catch(() => false)) return true;
  }
  return false;
}
