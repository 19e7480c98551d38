import type { z } from 'zod';
import { AlprError, messageOf } from '../base/errors.ts';
import { findEventFault } from '../contract/codec.ts';
import type { EventCodec } from '../contract/event-codec.ts';
import { cameraStatusSchema, type LiveMessage, liveMetaSchema, liveWatchSchema } from '../contract/live.ts';
import { metricsReportSchema } from '../contract/metrics-report.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Topic, TopicContent } from '../contract/topics.ts';
import type { BusMessage } from './transport.ts';

type Body = Pick<BusMessage, 'value' | 'headers'>;

/** What one topic carries, as messages and back. */
export type TopicCodec<T> = Readonly<{
  keyOf(content: T): string;
  /** To be awaited before `encode`. REGISTRY_UNAVAILABLE. */
  prepare(): Promise<void>;
  /** EVENT_INVALID where the content does not fit the wire. */
  encode(content: T): Body;
  /** To be awaited before `decode`, with what is to be decoded. REGISTRY_UNAVAILABLE. */
  learn(batch: readonly BusMessage[]): Promise<void>;
  /** An AlprError names what does not fit. */
  decode(message: BusMessage): T;
  /** What is wrong with content that was not decoded here, where it may come from elsewhere than our own code. */
  findFault?(content: T): AlprError | undefined;
}>;

export type TopicCodecs = Readonly<{ [T in Topic]: TopicCodec<TopicContent[T]> }>;

/** The codecs of all topics; events are in the format of their own codec, everything else is JSON. */
export function createTopicCodecs(events: EventCodec): TopicCodecs {
  return {
    plates: createEventCodec(events),
    metrics: createJsonCodec(metricsReportSchema, ({ service, instance }) => `${service}/${instance}`),
    watch: createJsonCodec(liveWatchSchema, () => 'watch'),
    live: { ...unprepared, keyOf: keyOfLive, encode: encodeLive, decode: decodeLive },
  };
}

const unprepared = { prepare: async () => undefined, learn: async () => undefined };

function createEventCodec(events: EventCodec): TopicCodec<PlateEvent> {
  return {
    keyOf: ({ camera_id }) => camera_id,
    prepare: () => events.prepare(),
    encode: (event) => ({ value: events.encode(event), headers: {} }),
    learn: (batch) => events.learn(batch.map(({ value }) => value)),
    decode: ({ value }) => events.decode(value),
    findFault: findEventFault,
  };
}

function createJsonCodec<S extends z.ZodType>(
  schema: S,
  keyOf: (content: z.infer<S>) => string,
): TopicCodec<z.infer<S>> {
  return {
    ...unprepared,
    keyOf,
    encode: (content) => ({ value: toBytes(content), headers: {} }),
    decode: ({ topic, value }) => parse(schema, topic, Buffer.from(value).toString()),
  };
}

/** The header `kind` says which it is; a picture's value is the JPEG, and the header `meta` has the rest. */
function encodeLive(message: LiveMessage): Body {
  if (message.kind === 'camera') return { value: toBytes(message.status), headers: { kind: 'camera' } };
  return { value: message.jpeg, headers: { kind: 'picture', meta: JSON.stringify(message.meta) } };
}

function decodeLive({ topic, value, headers }: BusMessage): LiveMessage {
  if (headers.kind === 'picture') {
    return { kind: 'picture', meta: parse(liveMetaSchema, topic, headers.meta ?? ''), jpeg: value };
  }
  return { kind: 'camera', status: parse(cameraStatusSchema, topic, Buffer.from(value).toString()) };
}

function keyOfLive(message: LiveMessage): string {
  return message.kind === 'camera' ? message.status.camera_id : message.meta.camera_id;
}

function toBytes(content: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(content));
}

function parse<S extends z.ZodType>(schema: S, topic: string, text: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const why = messageOf(cause).split('\n')[0];
    throw new AlprError('EVENT_INVALID', `Expected what belongs on ${topic}: ${why}`, { cause });
  }
}
