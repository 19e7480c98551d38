import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { openServices } from '../../src/app/run.ts';
import { type AnyService, chooseServices, runAlone, SERVICES } from '../../src/app/services.ts';
import { lockFolder } from '../../src/base/folder-lock.ts';
import { createLog } from '../../src/base/log.ts';
import type { Service } from '../../src/base/service.ts';
import { type Bus, Undecodable } from '../../src/bus/bus.ts';
import { createProgram } from '../../src/commands/program.ts';
import type { Health } from '../../src/telemetry/health.ts';
import { shareDatabase } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';

/** A service that somebody adds: it counts the plates of the bus. All it takes is this and its line in the table. */
type Counting = Readonly<{ counted: string[]; closed: string[]; given: { health?: Health; bus?: Bus } }>;

function createTrialService({ counted, closed, given }: Counting) {
  const trial: Service<Readonly<{ bus: Bus }>, Readonly<{ config: object; health: Health }>> = {
    name: 'count',
    summary: 'count plates',
    needs: { bus: 'vital' },
    groups: ['count'],
    async open({ bus, health }) {
      Object.assign(given, { bus, health });
      const subscription = { topic: 'plates', group: 'count', maxBatch: 10, maxWaitMs: 0 } as const;
      const member = await bus.subscribe(subscription, async (batch) => {
        for (const arrival of batch) {
          const event = arrival.read();
          if (!(event instanceof Undecodable)) counted.push(event.plate.text_raw);
        }
      });
      return {
        parts: [{ name: 'counter', dependence: 'useful', check: async () => ({ ok: counted.length > 0 }) }],
        async [Symbol.asyncDispose]() {
          closed.push('count');
          await member[Symbol.asyncDispose]();
        },
      };
    },
  };
  return trial;
}

const log = createLog({ level: 'silent' });
const configOf = (...settings: string[]) => loadConfig({ environment: {}, settings });
const KAFKA = ['bus.kind=kafka', 'bus.brokers=[127.0.0.1:9092]'];
let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'services-'));
});
afterEach(() => rm(data, { recursive: true }));

describe('A service that is added to the table', () => {
  test('gets what it needs, sees what is published, is in its health and is closed', async () => {
    const seen: Counting = { counted: [], closed: [], given: {} };
    const services: readonly AnyService[] = [createTrialService(seen)];
    const running = await openServices({ config: configOf(`data=${data}`), command: 'start', services, log });
    expect(await seen.given.health?.examine()).toEqual({
      status: 'degraded',
      works: true,
      parts: {
        bus: { ok: true, kind: 'memory' },
        counter: { ok: false, message: 'It does not work' },
      },
    });
    await seen.given.bus?.publish('plates', [makeEvent({ text: 'AB1' }), makeEvent({ text: 'CD2' })]);
    expect(seen.counted).toEqual(['AB1', 'CD2']);
    expect((await seen.given.health?.examine())?.status).toBe('ok');
    await running[Symbol.asyncDispose]();
    expect(seen.closed).toEqual(['count']);
    expect(await seen.given.health?.examine()).toMatchObject({ status: 'stopping', works: false });
  });

  test('that keeps nothing on the disk needs no folder that can be written to', async () => {
    const services = [createTrialService({ counted: [], closed: [], given: {} })];
    const config = configOf('data=/proc/x');
    await using running = await openServices({ config, command: 'start', services, log });
    expect([...running.byName.keys()]).toEqual(['count']);
    const keeping = [{ ...services[0], needs: { images: 'useful' } } as AnyService];
    await expect(openServices({ config, command: 'start', services: keeping, log })).rejects.toThrow('/proc/x');
  });

  test('has a command of its own, and its group is waited for before events are taken', async () => {
    const trial = createTrialService({ counted: [], closed: [], given: {} });
    const commands = createProgram([...SERVICES, trial]).commands.map((command) => command.name());
    expect(commands).toContain('count');
    const stuck: AnyService = { ...trial, name: 'never', groups: ['never'], open: async () => ({ ...nothing }) };
    const seen: Counting = { counted: [], closed: [], given: {} };
    const services = [createTrialService(seen), stuck];
    await using _ = await openServices({ config: configOf(`data=${data}`), command: 'start', services, log });
    await expect(seen.given.bus?.publish('plates', [makeEvent()])).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  });

  test('has none of the gauges of services that do not run beside it', async () => {
    let text = '';
    const looking: AnyService = {
      ...createTrialService({ counted: [], closed: [], given: {} }),
      async open({ telemetry }) {
        text = (await telemetry.format()).text;
        return nothing;
      },
    };
    await using _ = await openServices({
      config: configOf(`data=${data}`),
      command: 'start',
      services: [looking],
      log,
    });
    expect(text).toContain('alpr_stage_seconds');
    expect(text).not.toMatch(/alpr_(ingest|index|spool|camera|events|dead|picture)/);
  });

  test('has a log that writes a state that lasts once, and sums it up at the end', async () => {
    const lines: object[] = [];
    const target = { write: (text: string) => void lines.push(JSON.parse(text)), isTerminal: false, hasColours: false };
    const away: AnyService = {
      ...createTrialService({ counted: [], closed: [], given: {} }),
      async open({ log: given }) {
        for (let number = 1; number <= 50; number += 1) given.warn({ number }, 'the broker is away');
        return nothing;
      },
    };
    const noted = createLog({ level: 'warn' }, target);
    await using running = await openServices({
      config: configOf(`data=${data}`),
      command: 'start',
      services: [away],
      log: noted,
    });
    expect(lines).toMatchObject([{ msg: 'the broker is away', number: 1 }]);
    await running[Symbol.asyncDispose]();
    expect(lines).toMatchObject([{ number: 1 }, { msg: 'the broker is away', number: 50, repeats: 49 }]);
  });

  test('that cannot open takes those before it down again', async () => {
    const seen: Counting = { counted: [], closed: [], given: {} };
    const broken: AnyService = {
      ...createTrialService(seen),
      open: () => Promise.reject(new Error('no room')),
    };
    const opening = openServices({
      config: configOf(`data=${data}`),
      command: 'start',
      services: [createTrialService(seen), broken],
      log,
    });
    await expect(opening).rejects.toThrow('no room');
    expect(seen.closed).toEqual(['count']);
  });
});

test('A lasting fault is said, also while the database is away', async () => {
  const away = 'database.url=postgres://a:b@127.0.0.1:1/x';
  const config = configOf(`data=${data}`, 'database.kind=postgres', away, 'models.detector=/nope');
  const opening = openServices({ config, command: 'start', services: chooseServices(config), log });
  await expect(opening).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
});

test('A database that does not answer holds up the stop for the grace alone', async () => {
  await using server = await shareDatabase();
  const config = configOf(`data=${data}`, 'database.kind=postgres', `database.url=${server.url}`);
  const services = [serviceOf('ingest')];
  let bus: Bus | undefined;
  const listening: AnyService = {
    ...createTrialService({ counted: [], closed: [], given: {} }),
    groups: [],
    async open(given) {
      bus = given.bus;
      return nothing;
    },
  };
  const running = await openServices({
    config,
    command: 'start',
    services: [...services, listening],
    log,
    graceMs: 300,
  });
  await bus?.publish('plates', [makeEvent()]);
  // What a frozen server does to whoever writes, without freezing those of other tests.
  const holder = new Client({ connectionString: server.url });
  holder.on('error', () => undefined);
  await holder.connect();
  await holder.query('BEGIN; LOCK TABLE plate_events IN ACCESS EXCLUSIVE MODE');
  const written = bus?.publish('plates', [makeEvent()]).catch((error: unknown) => error);
  await new Promise((done) => setTimeout(done, 200));
  const begun = performance.now();
  await running[Symbol.asyncDispose]();
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(await written).toMatchObject({ code: 'BUS_UNAVAILABLE' });
  await holder.end();
});

test.each([
  ['server.host=203.0.113.7', 'CONFIG_INVALID'],
  ['server.port=0', 'ALREADY_RUNNING'],
])('What can be refused at once is refused before networks are loaded: %s', async (setting, code) => {
  await using _ = await lockFolder(join(data, 'edge'));
  const config = configOf(`data=${data}`, setting, 'models.detector=/nope');
  const opening = openServices({ config, command: 'start', services: chooseServices(config), log });
  await expect(opening).rejects.toMatchObject({ code });
});

const nothing = { [Symbol.asyncDispose]: async () => undefined };
const namesOf = (services: readonly AnyService[]) => services.map(({ name }) => name);
const serviceOf = (name: string) => SERVICES.find((service) => service.name === name) as AnyService;

describe('The table of services', () => {
  test('start runs what the configuration gives work, consumers first', () => {
    expect(namesOf(chooseServices(configOf()))).toEqual(['ingest', 'alerts', 'serve', 'edge']);
    const cluster = configOf('search.kind=opensearch', 'search.nodes=[http://127.0.0.1:9200]');
    expect(namesOf(chooseServices(cluster))).toEqual(['ingest', 'index', 'alerts', 'serve', 'edge']);
  });

  test.each(['ingest', 'alerts', 'metrics-consumer'])('%s alone says that it meets the others on Kafka', (name) => {
    expect(() => runAlone(serviceOf(name), configOf())).toThrow('expected bus.kind kafka');
    expect(namesOf(runAlone(serviceOf(name), configOf(...KAFKA)))).toEqual([name]);
  });

  test('index alone says that a database is searched as it is', () => {
    expect(() => runAlone(serviceOf('index'), configOf(...KAFKA))).toThrow('search.kind opensearch');
  });

  test('the API alone stores what is decided on its page where there is no broker', () => {
    expect(namesOf(runAlone(serviceOf('serve'), configOf()))).toEqual(['ingest', 'serve']);
    expect(namesOf(runAlone(serviceOf('serve'), configOf(...KAFKA)))).toEqual(['serve']);
  });

  test('an edge prints its events where there is no broker', () => {
    expect(namesOf(runAlone(serviceOf('edge'), configOf()))).toEqual(['stdout', 'edge']);
    expect(namesOf(runAlone(serviceOf('edge'), configOf(...KAFKA)))).toEqual(['edge']);
  });
});
