import { AlprError } from '../base/errors.ts';
import type { Alert } from '../contract/alert.ts';
import type { Channel as ChannelConfig } from '../contract/channel.ts';
import type { PlateEvent } from '../contract/plate-event.ts';

/** What is sent: a new alert, what became of one, or a trial. */
export type MessageKind = 'raised' | 'corrected' | 'withdrawn' | 'test';

/** Pictures of the passage as JPEG; what is not kept any more is missing. */
export type Pictures = Readonly<Partial<Record<'plate' | 'vehicle' | 'frame', Uint8Array>>>;

/** What a channel needs to correct a message later, such as its id at the other side. */
export type Reference = Readonly<Record<string, unknown>>;

/** One alert on its way to one channel. */
export type Message = Readonly<{
  /** Names the message to the other side: the same however often it is sent. */
  key: string;
  kind: MessageKind;
  alert: Alert;
  pictures(): Promise<Pictures>;
  /** The event of the passage, as it is now; undefined where there is none, or not any more. */
  event(): Promise<PlateEvent | undefined>;
  /** Of the message that this one corrects or withdraws. */
  earlier?: Reference;
  /** What an attempt before got done, where it did not get everything done. */
  progress?: Reference;
  /** Aborts when it takes too long. */
  signal: AbortSignal;
}>;

/** For the log: to whom it went, and what the other side answered. Neither has secrets. */
export type Receipt = Readonly<{ recipient: string; answer: string; reference?: Reference }>;

/**
 * Where alerts go. What cannot be sent is a DeliveryError; whatever else is thrown counts as one that may be tried again. Channels
 * open what they need at the first message, and mend it themselves.
 */
export interface Channel extends AsyncDisposable {
  send(message: Message): Promise<Receipt>;
}

/** Opens a channel as it is configured. */
export type OpenChannel = (channel: ChannelConfig) => Promise<Channel>;

/**
 * A message that was not taken. DELIVERY_REFUSED is about this message and stands for ever; DELIVERY_FAILED may be mended, by time or
 * by people.
 */
export class DeliveryError extends AlprError {
  /** Not before this time the other side wants to be asked again. */
  readonly retryAfterMs: number | undefined;
  /** Whether the other side may have taken it all the same, as when the connection broke before it answered. */
  readonly mayHaveArrived: boolean;
  /** What got done, for the next attempt. */
  readonly progress: Reference | undefined;

  constructor(
    code: 'DELIVERY_REFUSED' | 'DELIVERY_FAILED',
    message: string,
    options: ErrorOptions &
      Readonly<{ retryAfterMs?: number | undefined; mayHaveArrived?: boolean; progress?: Reference }> = {},
  ) {
    super(code, message, options);
    this.retryAfterMs = options.retryAfterMs;
    this.mayHaveArrived = options.mayHaveArrived ?? options.progress !== undefined;
    this.progress = options.progress;
  }
}
