import { randomUUID } from 'node:crypto';
import { AlprError } from '../base/errors.ts';
import { encodeEvent } from '../contract/codec.ts';
import type { EventCodec } from '../contract/event-codec.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Topics } from '../contract/topics.ts';
import type { Bus, BusMessage } from './bus.ts';

type WireOptions = Readonly<{ bus: Bus; codec: EventCodec; topics: Topics }>;

/**
 * The bus for who publishes events as JSON: they go out in the format of the wire. What is no event goes out as it is, so that
 * its consumer puts it among the dead letters with its bytes. REGISTRY_UNAVAILABLE while the schema cannot be registered.
 */
export function encodeOnPublish({ bus, codec, topics }: WireOptions): Bus {
  const encode = (message: BusMessage): BusMessage => {
    const event = message.topic === topics.plates ? parseEvent(message.value) : undefined;
    if (event === undefined) return message;
    try {
      return { ...message, value: codec.encode(event) };
    } catch (error) {
      if (error instanceof AlprError && error.code === 'EVENT_INVALID') return message;
      throw error;
    }
  };
  return {
    kind: bus.kind,
    get works() {
      return bus.works;
    },
    subscribe: (options, handle) => bus.subscribe(options, handle),
    async publish(messages) {
      if (messages.some(({ topic }) => topic === topics.plates)) await codec.prepare();
      await bus.publish(messages.map(encode));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/**
 * The bus for onlookers: each sees everything that comes from now on, events as JSON. What is no event comes as it is.
 */
export function watchAsJson({ bus, codec, topics }: WireOptions): Bus {
  const decode = (message: BusMessage): BusMessage => {
    try {
      return { ...message, value: encodeEvent(codec.decode(message.value)) };
    } catch (error) {
      if (error instanceof AlprError && !error.retry) return message;
      throw error;
    }
  };
  return {
    kind: bus.kind,
    get works() {
      return bus.works;
    },
    publish: (messages) => bus.publish(messages),
    subscribe(options, handle) {
      const watching = { ...options, group: `${options.group}-${randomUUID()}`, from: 'latest' as const };
      if (options.topic !== topics.plates) return bus.subscribe(watching, handle);
      return bus.subscribe(watching, async (batch) => {
        await codec.learn(batch.map(({ value }) => value));
        await handle(batch.map(decode));
      });
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** JSON that claims to be an event; whether it is one the codec says. */
function parseEvent(bytes: Uint8Array): PlateEvent | undefined {
  try {
    const value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    return typeof value === 'object' && value !== null && typeof value.plate === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}
