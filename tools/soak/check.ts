import type { Config } from '../../src/app/config.ts';
import { createLog } from '../../src/base/log.ts';
import { type OpenedKafka, openKafka } from '../../src/bus/open.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { openDatabase } from '../../src/db/open.ts';
import { openImages } from '../../src/images/open.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { checkSearch } from './check-search.ts';
import { itemsOf, picturesOf, placeOf, type Task } from './traffic.ts';

type Row = Readonly<{ event_id: string; revision: number; status: string; times: number }>;

/** What the edges were told to send. */
export type Sent = Readonly<{
  events: readonly PlateEvent[];
  /** The newest revision of each passage, by its id. */
  newest: ReadonlyMap<string, PlateEvent>;
  /** Messages that are no event. */
  poison: ReadonlySet<string>;
  /** Keys of pictures. */
  pictures: readonly string[];
}>;

/** All that the tasks make. */
export function listSent(tasks: readonly Task[]): Sent {
  const all = <T>(make: (task: Task, at: number) => readonly T[]) =>
    tasks.flatMap((task) => Array.from({ length: task.share }, (_, at) => make(task, at)).flat());
  const items = all(itemsOf);
  const events = items.flatMap((item) => (item.kind === 'event' ? [item.event] : []));
  return {
    events,
    newest: new Map(events.map((event) => [event.event_id, event])),
    poison: new Set(items.flatMap((item) => (item.kind === 'poison' ? [item.text] : []))),
    pictures: all(picturesOf),
  };
}

/** Holds database, topic, dead letters, search and object store against what was sent; each count must be 0. */
export async function checkStored(config: Config, sent: Sent): Promise<Record<string, number>> {
  if (config.bus.kind !== 'kafka') throw new Error('the check reads the topic again, which Kafka alone keeps');
  const log = createLog({ level: 'warn' });
  const telemetry = new Telemetry();
  await using kafka = await openKafka({ config: config.bus, dataFolder: config.data, log, telemetry });
  const { events, newest, poison, pictures } = sent;
  return {
    ...(await checkRows(config, newest, events.length - newest.size)),
    ...(await checkSearch(config, newest)),
    ...(await checkOrder(kafka, events.length)),
    ...(await checkDeadLetters(kafka, poison)),
    ...(await checkPictures(config, pictures)),
  };
}

async function checkRows(
  config: Config,
  newest: ReadonlyMap<string, PlateEvent>,
  replaced: number,
): Promise<Record<string, number>> {
  const log = createLog({ level: 'warn' });
  await using database = await openDatabase({ config: config.database, dataFolder: config.data, log });
  const rows = await database.sql.query<Row>(
    'SELECT event_id, max(revision) AS revision, max(status) AS status, count(*)::int AS times FROM plate_events GROUP BY 1',
  );
  const [kept] = await database.sql.query<{ n: number }>('SELECT count(*)::int AS n FROM event_revisions');
  const stored = new Map(rows.map((row) => [row.event_id, row]));
  const isNewest = ({ event_id, revision, status }: PlateEvent) =>
    stored.get(event_id)?.revision === revision && stored.get(event_id)?.status === status;
  return {
    'passages lost': [...newest.keys()].filter((id) => !stored.has(id)).length,
    'passages doubled': rows.filter(({ times }) => times > 1).length,
    'rows that nobody sent': rows.filter(({ event_id }) => !newest.has(event_id)).length,
    'rows that are not the newest revision': [...newest.values()].filter(
      (event) => stored.has(event.event_id) && !isNewest(event),
    ).length,
    'earlier revisions lost or doubled': Math.abs((kept?.n ?? 0) - replaced),
  };
}

/** On the topic a camera's events must come for the first time in their order; repeats of what was there do no harm. */
async function checkOrder({ bus, transport, codec }: OpenedKafka, sent: number): Promise<Record<string, number>> {
  const messages = await transport.readTopic(bus.topics.plates);
  await codec.learn(messages.map(({ value }) => value));
  const [last, seen] = [new Map<string, number>(), new Set<string>()];
  let outOfOrder = 0;
  for (const { value } of messages) {
    const event = tryDecode(codec, value);
    if (!event) continue;
    const id = `${event.event_id}/${event.revision}`;
    if (seen.has(id)) continue;
    seen.add(id);
    if (placeOf(event) < (last.get(event.camera_id) ?? 0)) outOfOrder++;
    last.set(event.camera_id, Math.max(placeOf(event), last.get(event.camera_id) ?? 0));
  }
  return { 'events out of order for their camera': outOfOrder, 'revisions missing on the topic': sent - seen.size };
}

function tryDecode(codec: OpenedKafka['codec'], value: Uint8Array): PlateEvent | undefined {
  try {
    return codec.decode(value);
  } catch {
    return undefined;
  }
}

async function checkDeadLetters(
  { deadLetters }: OpenedKafka,
  poison: ReadonlySet<string>,
): Promise<Record<string, number>> {
  const letters = await deadLetters.list();
  const texts = new Set(letters.map(({ message }) => Buffer.from(message.value).toString()));
  return {
    'messages that are no event, missing among the dead letters': [...poison].filter((text) => !texts.has(text)).length,
    'dead letters that were no poison': [...texts].filter((text) => !poison.has(text)).length,
  };
}

async function checkPictures(config: Config, keys: readonly string[]): Promise<Record<string, number>> {
  await using store = await openImages({ config: config.images, dataFolder: config.data });
  const stored = new Set((await Array.fromAsync(store.list())).map(({ key }) => key));
  return { 'pictures missing in the store': keys.filter((key) => !stored.has(key)).length };
}
