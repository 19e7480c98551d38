import { z } from 'zod';
import { AlprError, messageOf } from '../base/errors.ts';
import { AlertCodec } from '../contract/alert-codec.ts';
import { findEventFault } from '../contract/codec.ts';
import type { EventCodec } from '../contract/event-codec.ts';
import { type NoteIgnored, parseKnown } from '../contract/known-fields.ts';
import { cameraStatusSchema, type LiveMessage, liveMetaSchema, liveWatchSchema } from '../contract/live.ts';
import { metricsReportSchema } from '../contract/metrics-report.ts';
import { pageCameraSchema, type TrialMessage, trialAnswerSchema, trialAskSchema } from '../contract/page-camera.ts';
import type { Topic, TopicContent } from '../contract/topics.ts';
import type { WireCodec } from '../contract/wire-codec.ts';
import type { BusMessage } from './transport.ts';

type Body = Pick<BusMessage, 'value' | 'headers'>;

/** What one topic carries, as messages and back. */
export type TopicCodec<T> = Readonly<{
  keyOf(content: T): string;
  /** To be awaited before `encode`. REGISTRY_UNAVAILABLE. */
  prepare(): Promise<void>;
  /** EVENT_INVALID where the content does not fit the wire. */
  encode(content: T): Body;
  /** To be awaited before `decode`, with what is to be decoded; resolves to what cannot be, as long as the registry is away. */
  learn(batch: readonly BusMessage[]): Promise<readonly BusMessage[]>;
  /** An AlprError names what does not fit. */
  decode(message: BusMessage): T;
  /** What is wrong with content that was not decoded here, where it may come from elsewhere than our own code. */
  findFault?(content: T): AlprError | undefined;
}>;

export type TopicCodecs = Readonly<{ [T in Topic]: TopicCodec<TopicContent[T]> }>;

type Others = Readonly<{ alerts?: AlertCodec; note?: NoteIgnored }>;

/** The codecs of all topics; events and alerts are in the format of their own codec, everything else is JSON. */
export function createTopicCodecs(events: EventCodec, others: Others = {}): TopicCodecs {
  const { note, alerts = new AlertCodec({ format: 'json', onIgnored: note }) } = others;
  return {
    plates: { ...createWireCodec(events, ({ camera_id }) => camera_id), findFault: findEventFault },
    alerts: createWireCodec(alerts, ({ rule }) => rule.id),
    metrics: createJsonCodec(metricsReportSchema, ({ service, instance }) => `${service}/${instance}`, note),
    watch: createJsonCodec(liveWatchSchema, () => 'watch', note),
    cameras: createJsonCodec(pageCameraSchema, ({ id }) => id, note),
    trials: { ...unprepared, keyOf: keyOfTrial, encode: encodeTrial, decode: (message) => decodeTrial(message, note) },
    live: { ...unprepared, keyOf: keyOfLive, encode: encodeLive, decode: (message) => decodeLive(message, note) },
  };
}

/** For how long a registry that did not answer is not asked again: a question may take seconds, and all cameras wait for it. */
const SILENT_MS = 10_000;

const unprepared = { prepare: async () => undefined, learn: async () => [] };

function createWireCodec<T>(codec: WireCodec<T>, keyOf: (content: T) => string): TopicCodec<T> {
  let silentUntil = Number.NEGATIVE_INFINITY;
  const learn = async (batch: readonly BusMessage[]) => {
    const unknown = batch.filter(({ value }) => !codec.isLearned(value));
    if (unknown.length === 0 || performance.now() < silentUntil) return unknown;
    try {
      await codec.learn(unknown.map(({ value }) => value));
      return [];
    } catch (error) {
      if (!(error instanceof AlprError) || !error.retry) throw error;
      silentUntil = performance.now() + SILENT_MS;
      return unknown.filter(({ value }) => !codec.isLearned(value));
    }
  };
  return {
    keyOf,
    prepare: () => codec.prepare(),
    encode: (content) => ({ value: codec.encode(content), headers: {} }),
    learn,
    decode: ({ value }) => codec.decode(value),
  };
}

function createJsonCodec<S extends z.ZodType>(
  schema: S,
  keyOf: (content: z.infer<S>) => string,
  note?: NoteIgnored,
): TopicCodec<z.infer<S>> {
  return {
    ...unprepared,
    keyOf,
    encode: (content) => ({ value: toBytes(content), headers: {} }),
    decode: ({ topic, value }) => parse(schema, { topic, text: Buffer.from(value).toString(), note }),
  };
}

/** The header `kind` says which it is; a picture's value is the JPEG, and the header `meta` has the rest. */
function encodeLive(message: LiveMessage): Body {
  if (message.kind === 'camera') return { value: toBytes(message.status), headers: { kind: 'camera' } };
  return { value: message.jpeg, headers: { kind: 'picture', meta: JSON.stringify(message.meta) } };
}

function decodeLive({ topic, value, headers }: BusMessage, note?: NoteIgnored): LiveMessage {
  if (headers.kind === 'picture') {
    return { kind: 'picture', meta: parse(liveMetaSchema, { topic, text: headers.meta ?? '', note }), jpeg: value };
  }
  return { kind: 'camera', status: parse(cameraStatusSchema, { topic, text: Buffer.from(value).toString(), note }) };
}

function keyOfLive(message: LiveMessage): string {
  return message.kind === 'camera' ? message.status.camera_id : message.meta.camera_id;
}

function encodeTrial(message: TrialMessage): Body {
  if (message.kind === 'ask') return { value: toBytes(message.ask), headers: { kind: 'ask' } };
  return { value: message.jpeg, headers: { kind: 'answer', meta: JSON.stringify(message.answer) } };
}

function decodeTrial({ topic, value, headers }: BusMessage, note?: NoteIgnored): TrialMessage {
  if (headers.kind === 'answer') {
    const answer = parse(trialAnswerSchema, { topic, text: headers.meta ?? '', note });
    return { kind: 'answer', answer, jpeg: value };
  }
  return { kind: 'ask', ask: parse(trialAskSchema, { topic, text: Buffer.from(value).toString(), note }) };
}

function keyOfTrial(message: TrialMessage): string {
  return message.kind === 'ask' ? message.ask.trial : message.answer.trial;
}

function toBytes(content: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(content));
}

type Text = Readonly<{ topic: string; text: string; note: NoteIgnored | undefined }>;

function parse<S extends z.ZodType>(schema: S, { topic, text, note }: Text): z.infer<S> {
  try {
    const result = parseKnown(schema, JSON.parse(text), note);
    if (result.success) return result.data;
    throw result.error;
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : [];
    const why = issue ? `at ${issue.path.join('.') || 'the top'}: ${issue.message}` : messageOf(cause);
    throw new AlprError('EVENT_INVALID', `Expected what belongs on ${topic}: ${why}`, { cause });
  }
}
