import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { callAlpr } from './run-alpr.ts';

const KAFKA = ['--set', 'bus.kind=kafka', '--set', 'bus.brokers=[127.0.0.1:9092]', '--set', 'bus.topics.replication=3'];
const SEARCH = ['--set', 'search.kind=opensearch', '--set', 'search.nodes=[http://127.0.0.1:9200]'];

async function plan(args: readonly string[]) {
  const { out, err, code } = await callAlpr(tmpdir(), ['plan', ...args, '--json']);
  if (code !== 0) throw new Error(err);
  const { places, ...rest } = JSON.parse(out) as {
    places: readonly { name: string; bytes: number }[];
    days_on_disk?: number;
  };
  return { ...rest, of: (name: string) => places.find((place) => place.name.startsWith(name))?.bytes };
}

test('a plan of 10,000 cameras says what the table of sizing.md says', async () => {
  const load = ['--cameras', '10000', '--events-per-day', '1000', '--days', '365', '--picture-days', '30'];
  const { of } = await plan([...load, ...KAFKA, ...SEARCH]);
  expect((of('Kafka') ?? 0) / 1e9).toBeCloseTo(295, 0);
  // 15.5 TB of rows, and 338 B for each plate that is new: here all of them.
  expect((of('PostgreSQL') ?? 0) / 1e12).toBeCloseTo(15.5 + 1.23, 1);
  expect((of('OpenSearch') ?? 0) / 1e12).toBeCloseTo(14.2, 1);
  expect((of('pictures') ?? 0) / 1e12).toBeCloseTo(32, 0);
});

test('a machine that has no Kafka and no OpenSearch plans none, and says how long its disk lasts', async () => {
  const answer = await plan(['--cameras', '4', '--events-per-day', '1000', '--disk', '500GB', '--hours-away', '1']);
  expect(answer.of('Kafka')).toBeUndefined();
  expect(answer.of('OpenSearch')).toBeUndefined();
  // A day is 4,000 events of 4,597 B in the database and 107 kB of pictures, 446 MB: less than 1,121 days of 500 GB.
  expect(answer.days_on_disk).toBeGreaterThan(1110);
  expect(answer.days_on_disk).toBeLessThan(1121);
});

test('a size that is none is refused with an example', async () => {
  const { code, err } = await callAlpr(tmpdir(), ['plan', '--cameras', '4', '--disk', 'plenty']);
  expect(code).toBe(1);
  expect(err).toContain('Expected a size such as 500GB or 4TB, got "plenty"');
});
