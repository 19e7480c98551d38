import { codeOf, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { backoffDelay } from '../../base/retry.ts';
import { type Channel, DeliveryError, type Message, type Pictures } from '../../channels/channel.ts';
import type { Channel as ChannelConfig } from '../../contract/channel.ts';
import { splitSecrets } from '../../contract/channel-secrets.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Sql } from '../../db/sql.ts';
import { type Claimed, claimDeliveries, type Outcome } from '../../store/alerts/outbox.ts';
import type { Tracing } from '../../telemetry/tracing/tracing.ts';
import type { DeliveryConfig } from './config.ts';
import { Ledger } from './ledger.ts';
import type { DeliveryMetrics } from './metrics.ts';
import { Pace } from './pace.ts';
import { traceDelivery } from './trace-delivery.ts';

export type SenderOptions = Readonly<{
  sql: Sql;
  channel: ChannelConfig;
  open: () => Promise<Channel>;
  loadPictures: (alert: Claimed['alert']) => Promise<Pictures>;
  loadEvent: (alert: Claimed['alert']) => Promise<PlateEvent | undefined>;
  /** Names this process to others that claim. */
  holder: string;
  config: DeliveryConfig;
  metrics: DeliveryMetrics;
  tracing: Tracing;
  log: Log;
  /** By how much the clock of the test is ahead. */
  shiftMs: () => number;
}>;

/** A message is held for longer than it may take, so that nobody else sends it meanwhile. */
const LEASE_SPARE_MS = 30_000;
const FIRST_PAUSE_MS = 1000;
const MAX_RETRY_AFTER_MS = 3_600_000;
/** When stopped, what is on its way gets this long to end, and its outcome as long again to be written down. */
const GRACE_MS = 3000;
/** Most messages that are claimed at once where they go one after the other. */
const MOST_IN_A_ROW = 32;
/** Such messages may be sent for so long after they were claimed. */
const ROW_MS = LEASE_SPARE_MS / 2;

/** Sends what waits for one channel. It knows of no other, so that one that hangs delays none. */
export class Sender implements AsyncDisposable {
  readonly #options: SenderOptions;
  readonly #pace: Pace;
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #cutOff = new AbortController();
  readonly #end = new AbortController();
  readonly #secrets: readonly string[];
  readonly #ledger: Ledger;
  #opening: Promise<Channel> | undefined;
  #pumping: Promise<void> | undefined;
  #isNudged = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SenderOptions) {
    const { channel, config } = options;
    this.#options = options;
    const { sql, log, shiftMs } = options;
    this.#ledger = new Ledger({ sql, log, shiftMs, channel: channel.id, signal: this.#end.signal });
    this.#secrets = Object.values(splitSecrets(channel).secrets);
    const breaker = { failures: config.pause_after, pauseMs: config.pause_ms };
    this.#pace = new Pace(channel.per_minute, breaker, this.#now());
    options.metrics.works.set({ channel: channel.id, kind: channel.kind }, 1);
  }

  /** Whether failures in a row have stopped it. */
  get isBroken(): boolean {
    return this.#pace.isBroken;
  }

  /** Something may be due. */
  nudge(): void {
    this.#isNudged = true;
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    const timers = [this.#cutOff, this.#end].map((one, index) => setTimeout(() => one.abort(), GRACE_MS * (index + 1)));
    await this.#pumping;
    await Promise.all(this.#underWay);
    for (const timer of timers) clearTimeout(timer);
    const channel = await this.#opening?.catch(() => undefined);
    await channel?.[Symbol.asyncDispose]();
  }

  #now(): number {
    return Date.now() + this.#options.shiftMs();
  }

  async #pump(): Promise<void> {
    const { log, channel } = this.#options;
    while (this.#isNudged && !this.#closing.signal.aborted) {
      this.#isNudged = false;
      try {
        while ((await this.#claim()) > 0) {}
      } catch (err) {
        log.warn({ err, channel: channel.id }, 'the outbox cannot be read and is asked again');
      }
    }
  }

  /** Starts sending what may be sent now; returns how much that is. */
  async #claim(): Promise<number> {
    const { sql, channel, holder, config, shiftMs } = this.#options;
    const ordered = channel.kind === 'webhook' && channel.ordered;
    const free = ordered ? (this.#underWay.size > 0 ? 0 : MOST_IN_A_ROW) : config.at_once - this.#underWay.size;
    if (free <= 0 || this.#closing.signal.aborted) return 0;
    const limit = Math.min(free, this.#pace.allows(this.#now(), this.#underWay.size));
    if (limit <= 0) {
      this.#nudgeIn(this.#pace.waitMs(this.#now()));
      return 0;
    }
    const leaseMs = config.timeout_ms + LEASE_SPARE_MS;
    const claimed = await claimDeliveries(sql, {
      channel: channel.id,
      holder,
      leaseMs,
      limit,
      ordered,
      shiftMs: shiftMs(),
    });
    this.#pace.take(claimed.length);
    for (const row of ordered ? [claimed] : claimed.map((one) => [one])) this.#start(row);
    return claimed.length;
  }

  #nudgeIn(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.nudge(), delayMs);
  }

  #start(row: readonly Claimed[]): void {
    if (row.length === 0) return;
    const sending = this.#deliver(row).finally(() => {
      this.#underWay.delete(sending);
      this.nudge();
    });
    this.#underWay.add(sending);
  }

  /** Sends one after the other; after one that is not taken the others wait for it. */
  async #deliver(row: readonly Claimed[]): Promise<void> {
    const until = performance.now() + ROW_MS;
    const written: Promise<void>[] = [];
    let isOver = false;
    for (const claimed of row) {
      const outcome: Outcome = isOver ? { state: 'unsent' } : await this.#watch(claimed);
      written.push(this.#ledger.add({ id: claimed.id, holder: this.#options.holder, outcome }));
      if (isOver) this.#pace.take(-1);
      isOver ||= outcome.state === 'waiting' || this.#closing.signal.aborted || performance.now() > until;
    }
    await Promise.all(written);
  }

  async #watch(claimed: Claimed): Promise<Outcome> {
    const { channel, tracing } = this.#options;
    const from = Date.now();
    const outcome = await this.#attempt(claimed);
    const loadEvent = () => this.#options.loadEvent(claimed.alert);
    void traceDelivery(tracing, { claimed, channel, outcome, from, loadEvent });
    return outcome;
  }

  async #attempt(claimed: Claimed): Promise<Outcome> {
    const { channel, metrics, log } = this.#options;
    const ageMs = this.#now() - claimed.queuedAt.getTime();
    if (channel.max_age_seconds !== undefined && ageMs > channel.max_age_seconds * 1000) {
      metrics.deliveries.inc({ kind: channel.kind, outcome: 'given_up' });
      return {
        state: 'dead',
        answer: `It was older than ${channel.max_age_seconds} s, which this channel sends no more`,
      };
    }
    const stop = metrics.seconds.startTimer({ kind: channel.kind });
    const count = (outcome: string) => metrics.deliveries.inc({ kind: channel.kind, outcome });
    try {
      const { recipient, answer, reference = null } = await this.#send(claimed);
      this.#note(true);
      count('sent');
      return { state: 'sent', recipient: this.#show(recipient), answer: this.#show(answer), reference };
    } catch (err) {
      // What the other side answered may name plates and people: it is for the log of deliveries alone.
      const why = { channel: channel.id, key: claimed.key, code: rootCode(err) };
      const answer = this.#show(messageOf(err));
      // Somebody waits for what comes of a trial, and a gate that opens later, when nobody stands there, is worse than one that stays shut.
      const isRefused = err instanceof DeliveryError && err.code === 'DELIVERY_REFUSED';
      if (isRefused || claimed.alertId === null) {
        if (isRefused) log.warn(why, 'a message was refused and is given up');
        else log.warn(why, 'a message that is sent only once failed and is given up');
        this.#note(true);
        count(isRefused ? 'refused' : 'given_up');
        return { state: 'dead', answer: isRefused ? answer : `${answer} – sent once only, and not tried again` };
      }
      log.warn(why, 'a message is not taken and tried again');
      const after = err instanceof DeliveryError ? err.retryAfterMs : undefined;
      const retryAfterMs = after === undefined ? undefined : Math.min(after, MAX_RETRY_AFTER_MS);
      this.#note(false, retryAfterMs);
      count('failed');
      const maybeSent = !(err instanceof DeliveryError) || err.mayHaveArrived;
      const reference = (err instanceof DeliveryError && err.progress) || null;
      return {
        state: 'waiting',
        answer,
        maybeSent,
        delayMs: this.#retryDelay(claimed.attempts, retryAfterMs),
        reference,
      };
    } finally {
      stop(claimed.alert.passage?.event_id);
    }
  }

  /** What the channel makes of it, or a failure when that takes too long, even if the channel does not heed the signal. */
  async #send({ key, isTrial, alert, isKnown, earlier, progress }: Claimed) {
    const { open, loadPictures, loadEvent, config } = this.#options;
    const limit = AbortSignal.timeout(config.timeout_ms);
    const signal = AbortSignal.any([limit, this.#cutOff.signal]);
    const kind = isTrial ? 'test' : isKnown ? alert.status : 'raised';
    const message: Message = {
      ...{ key, kind, alert, signal, pictures: () => loadPictures(alert), event: () => loadEvent(alert) },
      ...(earlier && { earlier }),
      ...(progress && { progress }),
    };
    const { promise: late, reject } = Promise.withResolvers<never>();
    const why = () => (limit.aborted ? `No answer came within ${config.timeout_ms} ms` : 'The program was stopped');
    const fail = () => reject(new DeliveryError('DELIVERY_FAILED', why(), { mayHaveArrived: true }));
    signal.addEventListener('abort', fail, { once: true });
    try {
      return await Promise.race([this.#open(open).then((channel) => channel.send(message)), late]);
    } finally {
      signal.removeEventListener('abort', fail);
      late.catch(() => undefined);
    }
  }

  /** Opened once; what failed is opened anew for the next message. */
  #open(open: () => Promise<Channel>): Promise<Channel> {
    this.#opening ??= open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  #note(isWell: boolean, retryAfterMs?: number): void {
    const { metrics, channel } = this.#options;
    if (isWell) this.#pace.noteSuccess();
    else this.#pace.noteFailure(this.#now(), retryAfterMs);
    metrics.works.set({ channel: channel.id, kind: channel.kind }, this.#pace.isBroken ? 0 : 1);
  }

  /** For the log: no secret of the channel, and not more than a person reads. */
  #show(text: string): string {
    const open = this.#secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text);
    const line = open.replaceAll(/\s+/g, ' ').trim();
    return line.length > 500 ? `${line.slice(0, 499)}…` : line;
  }

  #retryDelay(attempts: number, retryAfterMs = 0): number {
    const backoff = { firstMs: FIRST_PAUSE_MS, maxMs: this.#options.config.retry_max_ms, factor: 3 };
    return Math.max(retryAfterMs, backoffDelay(backoff, attempts));
  }
}

/** The code of what lies behind an error, such as ECONNREFUSED, or its own. */
function rootCode(error: unknown): string {
  const inner = error instanceof Error && error.cause !== undefined ? rootCode(error.cause) : '';
  return inner || codeOf(error);
}
