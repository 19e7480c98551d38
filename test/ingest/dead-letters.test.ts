import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { openDeadLetterBox } from '../../src/bus/dead-letter-topic.ts';
import { createDeadLetterTable } from '../../src/store/dead-letters.ts';
import { openBusOn } from '../bus/open-kafka.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { describeWith, shareKafka, uniqueName } from '../servers/servers.ts';
import { testDeadLetterBox } from './dead-letter-contract.ts';

const log = createLog({ level: 'silent' });
const patient = { timeout: 25_000, interval: 50 };

describe('The table of dead letters', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  testDeadLetterBox('The table', async () => {
    await database.sql.query('TRUNCATE dead_letters');
    return createDeadLetterTable(database.sql);
  });
});

describeWith(['kafka'], 'The topic of dead letters', () => {
  let brokers: readonly string[];
  const opened = new AsyncDisposableStack();
  beforeAll(async () => {
    ({ brokers } = await shareKafka());
  });
  afterAll(() => opened.disposeAsync());

  async function openTopic() {
    const { transport, topics } = await openBusOn(brokers, { prefix: uniqueName('dlq'), log });
    opened.use(transport);
    return { transport, topic: topics.deadLetters };
  }

  testDeadLetterBox('The topic', async () => openDeadLetterBox(await openTopic()));

  test('says where a message came from; one put there twice after a crash is one letter, and counted once', async () => {
    const box = openDeadLetterBox(await openTopic());
    const origin = { partition: 3, offset: 9_007_199_254_740_993n };
    const letter = {
      message: { topic: 'plates', key: 'gate', value: Buffer.from('x'), headers: {}, origin },
      error: new Error('no event'),
    };
    const other = { ...letter, message: { ...letter.message, origin: { partition: 3, offset: 4n } } };
    await box.keep([letter]);
    await box.keep([letter, other]);
    const letters = await box.list();
    expect(letters.map(({ id }) => id).toSorted()).toEqual(['plates:3:4', 'plates:3:9007199254740993']);
    expect(letters.find(({ id }) => id.endsWith('993'))?.message.origin).toEqual(origin);
    const causes: string[] = [];
    await using _ = await box.watch((cause) => causes.push(cause));
    await expect.poll(() => causes, patient).toEqual(['EVENT_INVALID', 'EVENT_INVALID']);
  });
});
