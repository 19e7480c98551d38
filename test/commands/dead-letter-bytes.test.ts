import { randomBytes } from 'node:crypto';
import { Admin, Consumer, Producer } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { openDeadLetterReplay } from '../../src/app/open-dead-letter-replay.ts';
import { createLog } from '../../src/base/log.ts';
import { createDeadLetterTopic } from '../../src/bus/dead-letter-topic.ts';
import { dropDeadLetters, replayDeadLetters } from '../../src/commands/dlq/dlq.ts';
import { kafkaConfig, openBusOn } from '../bus/open-kafka.ts';
import { describeWith, shareKafka, uniqueName } from '../servers/servers.ts';

const log = createLog({ level: 'silent' });
const patient = { timeout: 25_000, interval: 50 };
/** Latin-1: no UTF-8. */
const strange = { name: Buffer.from([0x6b, 0xe9]), value: Buffer.from([0xff, 0x00, 0xc3, 0x28]) };

describeWith(['kafka'], 'Dead letters of other programs', () => {
  let brokers: readonly string[];
  const opened = new AsyncDisposableStack();
  beforeAll(async () => {
    ({ brokers } = await shareKafka());
  });
  afterAll(() => opened.disposeAsync());

  async function open(prefix: string) {
    const bus = kafkaConfig(brokers, prefix);
    const settings = [`bus=${JSON.stringify(bus)}`, 'log.level=silent'];
    const config = loadConfig({ environment: {}, settings });
    const { transport, topics } = await openBusOn(brokers, { prefix, log });
    opened.use(transport);
    return { config, transport, topics };
  }

  const client = () => ({ clientId: 'test', bootstrapBrokers: [...brokers], retries: 60, retryDelay: 250 });

  /** Headers and key of every message of a topic, in hexadecimal digits. */
  async function readRaw(topic: string, messages: number): Promise<readonly string[]> {
    const consumer = new Consumer({ ...client(), groupId: uniqueName('raw') });
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest' });
    const seen: string[] = [];
    for await (const { key, headerEntries } of stream) {
      const headers = headerEntries.map(([name, value]) => `${name?.toString('hex')}=${value?.toString('hex')}`);
      seen.push([key?.toString('hex'), ...headers].join(' '));
      if (seen.length === messages) break;
    }
    await stream.close();
    await consumer.close(true);
    return seen;
  }

  test('keep bytes of headers and keys that are no UTF-8, and hand in the same', async () => {
    const { config, transport, topics } = await open(uniqueName('bytes'));
    await transport.publish([{ topic: topics.plates, key: 'first', value: Buffer.from('x'), headers: {} }]);
    const producer = new Producer(client());
    const headers = new Map([[strange.name, strange.value]]);
    await producer.send({
      messages: [{ topic: topics.plates, key: strange.value, value: Buffer.from('no event'), headers, partition: 0 }],
    });
    await producer.close();
    const box = createDeadLetterTopic({ transport, topic: topics.deadLetters });
    await using _ = await transport.subscribe(
      { topic: topics.plates, group: 'g', maxBatch: 10, maxWaitMs: 5 },
      (batch) =>
        box.keep(batch.filter(({ key }) => key !== 'first').map((message) => ({ message, error: new Error('no') }))),
    );
    await using replay = await openDeadLetterReplay(config, log);
    await expect.poll(async () => (await replay.box.list()).length, patient).toBe(1);
    const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await replayDeadLetters(config, [], { all: true });
    print.mockRestore();
    const [replayed, ...rest] = (await readRaw(topics.plates, 3)).filter((one) => one.startsWith('ff00c328'));
    expect([replayed, rest[0]].toSorted()).toEqual([
      'ff00c328 6be9=ff00c328',
      // and alpr-replays: 1
      'ff00c328 6be9=ff00c328 616c70722d7265706c617973=31',
    ]);
  });

  test('of the largest message that the topic of events takes are kept whole', async () => {
    const { transport, topics } = await open(uniqueName('large'));
    const value = randomBytes(1_048_000);
    await transport.publish([{ topic: topics.plates, key: 'gate', value, headers: {} }]);
    const [message] = await transport.readTopic(topics.plates);
    if (!message) throw new Error('Expected a message');
    const box = createDeadLetterTopic({ transport, topic: topics.deadLetters });
    await box.keep([{ message, error: new Error('no event '.repeat(200)) }]);
    const [letter] = await transport.readTopic(topics.deadLetters);
    expect(Buffer.compare(letter?.value ?? Buffer.of(), value)).toBe(0);
  });

  test('too large for a topic that others made say where their bytes lie, and are not handed in', async () => {
    const { config, transport, topics } = await open(uniqueName('left'));
    const admin = new Admin(client());
    const configs = [{ name: 'max.message.bytes', value: '3000' }];
    await admin.createTopics({ topics: [topics.deadLetters], partitions: 1, configs });
    await admin.close();
    const box = createDeadLetterTopic({ transport, topic: topics.deadLetters });
    const message = { topic: topics.plates, key: 'gate', headers: { theirs: 'yes' } };
    const letterOf = (bytes: number, offset: bigint) => ({
      message: { ...message, value: randomBytes(bytes), origin: { partition: 2, offset } },
      error: new Error('no event'),
    });
    await box.keep([letterOf(10, 1n), letterOf(5000, 2n), letterOf(11, 3n)]);
    await using replay = await openDeadLetterReplay(config, log);
    const letters = await replay.box.list();
    expect(letters.map(({ id, leftOutBytes }) => [id.split(':').slice(1).join(':'), leftOutBytes])).toEqual([
      ['2:1', undefined],
      ['2:2', 5000],
      ['2:3', undefined],
    ]);
    const printed: unknown[] = [];
    const print = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(text) > 0);
    await replayDeadLetters(config, [], { all: true });
    await dropDeadLetters(config, [], { all: true });
    print.mockRestore();
    expect(printed.join('')).toMatch(/^2 handed in again\.\n1 stay: their bytes .*\n1 dropped\.\n$/);
  });
});
