import { publishAround } from './bus.ts';
import {
  type DeadLetter,
  type DeadLetterBox,
  type DeadLetters,
  describeCause,
  type KeptLetter,
} from './dead-letters.ts';
import type { BusMessage, KeepingTransport, Transport } from './transport.ts';

/** Headers that we add to those of the message; a settlement has SETTLED alone. */
const PREFIX = 'alpr-dlq-';
const CODE = `${PREFIX}code`;
const ERROR = `${PREFIX}error`;
const TOPIC = `${PREFIX}topic`;
const PARTITION = `${PREFIX}partition`;
const OFFSET = `${PREFIX}offset`;
const AT = `${PREFIX}at`;
const SETTLED = `${PREFIX}settled`;
const LEFT_OUT = `${PREFIX}left-out`;

/** Of the key of a message whose bytes are left out. */
const MAX_KEY = 200;

/** The consumer group that counts dead letters. */
const COUNT_GROUP = 'dead-letter-count';

/** Redeliveries are recognised among this many newest dead letters. */
const REMEMBERED = 100_000;

type TopicOptions<T> = Readonly<{ transport: T; topic: string }>;

/**
 * Dead letters on a topic of their own: the message as it was, and in headers what is wrong with it and where it came from. Where
 * the topic is not meant for messages that large, the letter says how many bytes it leaves out: they lie where it came from.
 */
export function createDeadLetterTopic({ transport, topic }: TopicOptions<Transport>): DeadLetters {
  const publish = (messages: readonly BusMessage[]) => transport.publish(messages);
  return {
    async keep(letters) {
      if (letters.length === 0) return;
      const messages = letters.map((letter) => toMessage(letter, topic));
      await publishAround(publish, messages, (message) => publish([withoutBytes(message)]));
    },
    watch(note) {
      const seen = new Set<string>();
      return transport.subscribe({ topic, group: COUNT_GROUP, maxBatch: 500, maxWaitMs: 100 }, async (batch) => {
        for (const { id, code } of batch.filter(isLetter).map(toLetter)) {
          if (!seen.has(id)) note(code);
          seen.add(id);
        }
        for (const id of seen) {
          if (seen.size <= REMEMBERED) break;
          seen.delete(id);
        }
      });
    },
  };
}

/** The topic as a box. What was decided on is a message on the topic too, so that all see it and nothing need be deleted. */
export function openDeadLetterBox({ transport, topic }: TopicOptions<KeepingTransport>): DeadLetterBox {
  return {
    ...createDeadLetterTopic({ transport, topic }),
    async list() {
      const messages = await transport.readTopic(topic);
      // A letter that bears the header settles nothing: whoever sent the message wrote it.
      const settled = new Set(messages.filter((one) => !isLetter(one)).map(({ headers }) => headers[SETTLED]));
      const letters = new Map<string, KeptLetter>();
      for (const letter of messages.filter(isLetter).map(toLetter)) {
        if (!settled.has(letter.id) && !letters.has(letter.id)) letters.set(letter.id, letter);
      }
      return [...letters.values()].toSorted((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
    },
    async settle(ids, how) {
      const at = new Date().toISOString();
      const settle = (id: string) => ({ [SETTLED]: id, [`${PREFIX}how`]: how, [AT]: at });
      await transport.publish(ids.map((id) => ({ topic, key: id, value: new Uint8Array(), headers: settle(id) })));
    },
  };
}

function isLetter({ headers }: BusMessage): boolean {
  return headers[CODE] !== undefined;
}

function toMessage({ message, error }: DeadLetter, topic: string): BusMessage {
  const { code, reason } = describeCause(error);
  const { origin } = message;
  const added = {
    [CODE]: code,
    [ERROR]: reason.slice(0, 2000),
    [TOPIC]: message.topic,
    [AT]: new Date().toISOString(),
    ...(origin && { [PARTITION]: String(origin.partition), [OFFSET]: String(origin.offset) }),
  };
  return { topic, key: message.key, value: message.value, headers: { ...withoutOurs(message.headers), ...added } };
}

/** The headers of a message but for those that it has no right to. */
function withoutOurs(headers: BusMessage['headers']): BusMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(PREFIX)));
}

function withoutBytes({ topic, key, value, headers }: BusMessage): BusMessage {
  const ours = Object.entries(headers).filter(([name]) => name.startsWith(PREFIX));
  const leftOut = { ...Object.fromEntries(ours), [LEFT_OUT]: String(value.length) };
  return { topic, key: key.slice(0, MAX_KEY), value: new Uint8Array(), headers: leftOut };
}

/** The id says where the message came from, so that one put there twice is one letter. */
function toLetter({ key, value, headers, origin: own }: BusMessage): KeptLetter {
  const topic = headers[TOPIC] ?? '';
  const offset = headers[OFFSET];
  const origin = offset === undefined ? undefined : { partition: Number(headers[PARTITION]), offset: BigInt(offset) };
  const id = origin ? `${topic}:${origin.partition}:${offset}` : `dlq:${own?.partition}:${own?.offset}`;
  return {
    id,
    at: headers[AT] ?? '',
    code: headers[CODE] ?? '',
    error: headers[ERROR] ?? '',
    ...(headers[LEFT_OUT] !== undefined && { leftOutBytes: Number(headers[LEFT_OUT]) }),
    message: { topic, key, value, headers: withoutOurs(headers), ...(origin && { origin }) },
  };
}
