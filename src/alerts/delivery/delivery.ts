import { randomUUID } from 'node:crypto';
import type { Log } from '../../base/log.ts';
import type { Part } from '../../base/service.ts';
import type { OpenChannel, Pictures } from '../../channels/channel.ts';
import type { Alert } from '../../contract/alert.ts';
import type { Sql } from '../../db/sql.ts';
import type { KeyFile } from '../../identity/key-file.ts';
import type { Images } from '../../images/images.ts';
import { type KeptChannel, listChannels, unsealChannel } from '../../store/alerts/channels.ts';
import { giveUpDeliveries, listDue } from '../../store/alerts/outbox.ts';
import { readSettingsRevision } from '../../store/alerts/settings.ts';
import { findEvent } from '../../store/events.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import { NO_TRACING, type Tracing } from '../../telemetry/tracing/tracing.ts';
import type { DeliveryConfig } from './config.ts';
import { createDeliveryMetrics } from './metrics.ts';
import { Sender } from './sender.ts';

export type DeliveryOptions = Readonly<{
  sql: Sql;
  images: Pick<Images, 'get'>;
  keyFile: Pick<KeyFile, 'unseal'>;
  openChannel: OpenChannel;
  config: DeliveryConfig;
  telemetry: Telemetry;
  tracing?: Tracing;
  log: Log;
  /** By how much the clock of a test is ahead. */
  shiftMs?: () => number;
}>;

/** The outbox at work. */
export type Delivery = AsyncDisposable &
  Readonly<{
    /** Something was queued, for these channels: it is looked for at once, and not only at the next poll. */
    wake(channels?: readonly string[]): void;
    /** Which channels do not work. */
    part: Part;
  }>;

type Running = Readonly<{ text: string; kind: string; sender: Sender }>;

const GIVE_UP_EVERY_MS = 30_000;

/** Sends what the outbox holds, each channel on its own. Several processes may do that on one database. */
export function openDelivery(options: DeliveryOptions): Delivery {
  const { sql, config, log, telemetry, tracing = NO_TRACING, shiftMs = () => 0 } = options;
  const metrics = createDeliveryMetrics(telemetry);
  const holder = randomUUID();
  const running = new Map<string, Running>();
  const faults = new Set<string>();
  const closing = new AbortController();
  let revision: string | undefined;
  let looking: Promise<void> | undefined;
  let isAsked = false;
  let givenUpAt = 0;

  async function look(): Promise<void> {
    while (isAsked && !closing.signal.aborted) {
      isAsked = false;
      try {
        await readChannels();
        await nudgeDue();
      } catch (err) {
        log.warn({ err }, 'the outbox cannot be read and is asked again');
      }
    }
    looking = undefined;
  }

  async function readChannels(): Promise<void> {
    const now = await readSettingsRevision(sql);
    if (now === revision) return;
    const kept = await listChannels(sql);
    for (const id of [...running.keys()].filter((id) => !kept.some((one) => one.id === id))) await stop(id);
    faults.clear();
    for (const one of kept) await start(one);
    revision = now;
  }

  async function start(kept: KeptChannel): Promise<void> {
    try {
      const channel = unsealChannel(kept, options.keyFile);
      const text = JSON.stringify(channel);
      if (running.get(kept.id)?.text === text) return;
      await stop(kept.id);
      if (!channel.enabled) return;
      const open = () => options.openChannel(channel);
      const loadPictures = (alert: Alert) => load(options.images, alert);
      const loadEvent = async ({ passage }: Alert) =>
        passage ? (await findEvent(sql, passage.event_id, undefined))?.event : undefined;
      const given = { sql, holder, config, metrics, log, shiftMs, tracing };
      const sender = new Sender({ ...given, channel, open, loadPictures, loadEvent });
      running.set(kept.id, { text, kind: channel.kind, sender });
    } catch (err) {
      faults.add(kept.id);
      log.error({ err, channel: kept.id }, 'a channel is not as expected, and alerts for it wait');
    }
  }

  async function stop(id: string): Promise<void> {
    const one = running.get(id);
    running.delete(id);
    metrics.works.remove({ channel: id, kind: one?.kind ?? '' });
    await one?.sender[Symbol.asyncDispose]();
  }

  async function giveUp(): Promise<void> {
    const now = Date.now() + shiftMs();
    if (now - givenUpAt < GIVE_UP_EVERY_MS) return;
    givenUpAt = now;
    for (const { channel, count } of await giveUpDeliveries(sql, { hours: config.give_up_hours, shiftMs: shiftMs() })) {
      log.error({ channel, count }, 'messages are dead: nobody took them in time');
      metrics.deliveries.inc({ kind: running.get(channel)?.kind ?? 'unknown', outcome: 'given_up' }, count);
    }
  }

  async function nudgeDue(): Promise<void> {
    await giveUp();
    const due = await listDue(sql, shiftMs());
    metrics.waiting.reset();
    metrics.oldest.reset();
    for (const { channel, waiting, oldestSeconds, isDue } of due) {
      metrics.waiting.set({ channel }, waiting);
      metrics.oldest.set({ channel }, oldestSeconds);
      if (isDue) running.get(channel)?.sender.nudge();
    }
  }

  const wake = (channels: readonly string[] = []) => {
    for (const id of channels) running.get(id)?.sender.nudge();
    if (channels.length > 0 && channels.every((id) => running.has(id))) return;
    isAsked = true;
    looking ??= look();
  };
  const poll = setInterval(() => wake(), config.poll_ms);
  wake();

  return {
    wake,
    part: {
      name: 'channels',
      dependence: 'useful',
      check: async () => {
        const down = [...running].flatMap(([id, { sender }]) => (sender.isBroken ? [id] : []));
        const names = [...down, ...faults].toSorted();
        // Why is in the log of deliveries: it may name addresses.
        return names.length === 0 ? { ok: true } : { ok: false, message: `These do not work: ${names.join(', ')}` };
      },
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      clearInterval(poll);
      await looking;
      await Promise.all([...running.keys()].map(stop));
    },
  };
}

/** Pictures of the passage, as far as they are kept. */
async function load(images: Pick<Images, 'get'>, { passage }: Alert): Promise<Pictures> {
  const found = await Promise.all(
    Object.entries(passage?.pictures ?? {}).map(async ([name, key]) => [name, (await images.get(key))?.bytes] as const),
  );
  return Object.fromEntries(found.filter(([, bytes]) => bytes !== undefined));
}
