import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { afterAll, expect, test } from 'vitest';
import { formatYaml } from '../../src/app/config.ts';
import { s3ConfigOf } from '../images/s3-config.ts';
import {
  describeWith,
  shareDatabase,
  shareKafka,
  shareOpenSearch,
  shareRegistry,
  shareS3,
  uniqueName,
} from '../servers/servers.ts';
import { callAlpr, runAlpr } from './run-alpr.ts';

const root = mkdtempSync(join(tmpdir(), 'alpr-doctor-'));

afterAll(() => rmSync(root, { recursive: true }));

async function doctor(tree: object, run = callAlpr) {
  const file = join(root, `${uniqueName('alpr')}.yaml`);
  writeFileSync(file, formatYaml({ data: join(root, 'data'), cameras: [], ...tree }));
  return run(root, ['doctor', '--config', file]);
}

/** Nobody listens there; fetch itself refuses the ports that are reserved. */
const NOWHERE = '127.0.0.1:19999';
const LABELS = ['Kafka', 'Schema registry', 'Database', 'Pictures', 'OpenSearch'];

test('alpr doctor names every server that is away, and ends with 1', async () => {
  const { code, out } = await doctor({
    bus: { kind: 'kafka', brokers: [NOWHERE], registry: { url: `http://${NOWHERE}` } },
    database: { kind: 'postgres', url: `postgres://alpr@${NOWHERE}/alpr` },
    images: { kind: 's3', endpoint: `http://${NOWHERE}`, bucket: 'alpr', access_key_id: 'a', secret_access_key: 'b' },
    search: { kind: 'opensearch', nodes: [`http://${NOWHERE}`] },
  });
  for (const label of LABELS) expect(out).toMatch(new RegExp(`^✗ ${label} at .*${NOWHERE}: .*ECONNREFUSED`, 'm'));
  expect(code).toBe(1);
}, 120_000);

test('alpr doctor tries the folder of pictures', async () => {
  const { code, out } = await doctor({ images: { kind: 'files', folder: '/proc/x' } });
  expect(out).toMatch(/^✗ Pictures in \/proc\/x: /m);
  expect(code).toBe(1);
}, 120_000);

describeWith(['kafka', 'registry', 'postgres', 's3', 'opensearch'], 'alpr doctor', () => {
  test('tries what is there, says which version it is, and finds what we are not allowed', async () => {
    const [{ brokers }, registry, search, s3] = await Promise.all([
      shareKafka(),
      shareRegistry(),
      shareOpenSearch(),
      shareS3(),
    ]);
    await using database = await shareDatabase();
    const watch = uniqueName('watch');
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...brokers] });
    const configs = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
    await admin.createTopics({ topics: [watch], partitions: 1, configs });
    const tree = {
      bus: {
        kind: 'kafka',
        brokers: [...brokers],
        registry: { url: registry.url },
        topics: { plates: uniqueName('plates'), watch },
      },
      database: { kind: 'postgres', url: database.url },
      images: s3ConfigOf(s3),
      search: { kind: 'opensearch', nodes: [search.url], index: uniqueName('alpr-events'), replicas: 0 },
    };
    const { code, out } = await doctor(tree);
    expect(out).toMatch(/^! Kafka at .*: 1 broker answers \(Kafka 4\); the topics .* made when they are needed$/m);
    expect(out).not.toMatch(/its clock is/);
    const [written] = await admin.listOffsets({
      topics: [{ name: watch, partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
    });
    expect(written?.partitions[0]?.offset).toBe(1n);
    await admin.close();
    expect(out).toMatch(/^✓ Schema registry at .*takes the schema of this version$/m);
    expect(out).toMatch(/^✓ Database at .*: PostgreSQL 1\d.*migrations are applied at the next start$/m);
    expect(out).toMatch(/^✓ Pictures at .*written, read and removed$/m);
    expect(out).toMatch(/^✓ OpenSearch at .*: OpenSearch 2\.\d+/m);
    expect(code).toBe(0);

    const wrong = {
      ...tree,
      images: { ...tree.images, secret_access_key: 'wrong' },
      bus: { ...tree.bus, topics: { ...tree.bus.topics, create: false } },
    };
    const refused = await doctor(wrong, runAlpr);
    expect(refused.out).toMatch(/^✗ Kafka at .*create them, or set bus\.topics\.create$/m);
    expect(refused.out).toMatch(/^✗ Pictures at .*SignatureDoesNotMatch/m);
    expect(refused.code).toBe(1);
  }, 120_000);
});
