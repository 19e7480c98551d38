import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { registryConfigSchema } from '../../src/bus/config.ts';
import { openRegistry } from '../../src/bus/registry.ts';
import { EventCodec, PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { createWireEvent } from '../contract/events.ts';
import { describeWith, shareRegistry, uniqueName } from '../servers/servers.ts';
import { openRegistryDoor } from './registry-door.ts';

const log = createLog({ level: 'silent' });
const first = JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'a', type: 'int' }] });
const wider = JSON.stringify({
  type: 'record',
  name: 'R',
  fields: [
    { name: 'a', type: 'int' },
    { name: 'b', type: 'string', default: '' },
  ],
});
const broken = JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'c', type: 'int' }] });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
});
afterEach(() => rm(folder, { recursive: true }));

function openAt(url: string, subject: string, more: object = {}) {
  return openRegistry({ config: registryConfigSchema.parse({ url, ...more }), subject, folder, log });
}

describeWith(['registry'], 'The client of the registry', () => {
  let url: string;
  let subject: string;
  beforeAll(async () => {
    ({ url } = await shareRegistry());
  });
  beforeEach(() => {
    subject = uniqueName('subject');
  });

  test('registers a schema, gives the same number again, and finds it by its number', async () => {
    const registry = await openAt(url, subject);
    const number = await registry.numberOf(first);
    expect(await registry.numberOf(first)).toBe(number);
    await rm(folder, { recursive: true });
    expect(JSON.parse(await (await openAt(url, subject)).schemaOf(number))).toEqual(JSON.parse(first));
  });

  test('sets FULL_TRANSITIVE, under which a compatible change is taken and a breaking one refused', async () => {
    const registry = await openAt(url, subject);
    const number = await registry.numberOf(first);
    expect(await registry.compatibility()).toBe('FULL_TRANSITIVE');
    expect([await registry.isCompatible(wider), await registry.isCompatible(broken)]).toEqual([true, false]);
    await expect(registry.numberOf(broken)).rejects.toMatchObject({ code: 'SCHEMA_REFUSED' });
    expect(await registry.numberOf(wider)).not.toBe(number);
  });

  test('takes the schema of events, and events come back through it', async () => {
    const codec = new EventCodec({ format: 'avro', schemas: await openAt(url, subject) });
    await codec.prepare();
    const event = createWireEvent({});
    const bytes = codec.encode(event);
    await rm(folder, { recursive: true });
    const reader = new EventCodec({ format: 'json', schemas: await openAt(url, subject) });
    await reader.learn([bytes]);
    expect(reader.decode(bytes)).toEqual(event);
  });

  test('a number that the registry does not have is a schema unknown, which no waiting mends', async () => {
    const registry = await openAt(url, subject);
    await expect(registry.schemaOf(2_000_000_000)).rejects.toMatchObject({ code: 'SCHEMA_UNKNOWN', retry: false });
  });

  test.each(['shut', 'silent'] as const)(
    'after a restart with the registry %s, known schemas are written and read; unknown ones are worth another try',
    async (state) => {
      await using door = await openRegistryDoor(url);
      const number = await (await openAt(door.url, subject)).numberOf(PLATE_EVENT_AVSC);
      door.state = state;
      const away = await openAt(door.url, subject, { timeout_ms: 200 });
      expect(await away.numberOf(PLATE_EVENT_AVSC)).toBe(number);
      expect(JSON.parse(await away.schemaOf(number))).toEqual(JSON.parse(PLATE_EVENT_AVSC));
      await expect(away.schemaOf(number + 1000)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retry: true });
      await expect(away.numberOf(wider)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retry: true });
      door.state = 'open';
      expect(await away.numberOf(PLATE_EVENT_AVSC)).toBe(number);
    },
  );

  test('a damaged cache is as good as none', async () => {
    const number = await (await openAt(url, subject)).numberOf(first);
    for (const file of await readdir(folder)) await writeFile(join(folder, file), '{"1": ');
    expect(await (await openAt(url, subject)).numberOf(first)).toBe(number);
  });

  test('gives its name and password', async () => {
    await using door = await openRegistryDoor(url);
    const registry = await openAt(door.url, subject, { username: 'edge', password: 'p:w' });
    await registry.numberOf(first);
    // base64 of "edge:p:w" by hand
    expect(door.asked[0]?.headers.authorization).toBe('Basic ZWRnZTpwOnc=');
  });
});

describe('The client of the registry', () => {
  test('names a certificate that cannot be read', async () => {
    const opening = openAt('https://127.0.0.1:9', 's', { tls: { ca_file: '/no/such/file.pem' } });
    await expect(opening).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
