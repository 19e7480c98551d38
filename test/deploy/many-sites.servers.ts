import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createLog } from '../../src/base/log.ts';
import { type Bus, Undecodable } from '../../src/bus/bus.ts';
import { busConfigSchema, type KafkaConfig } from '../../src/bus/config.ts';
import { openKafka } from '../../src/bus/open.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { Publisher } from '../../src/edge/publisher.ts';
import { Spool } from '../../src/edge/spool.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { installedFolder } from '../../tools/servers/cache.ts';
import { javaCommand } from '../../tools/servers/java.ts';
import { KeptProcess } from '../../tools/soak/kept-process.ts';
import { readFinalIds } from '../../tools/soak/process.ts';
import { describeWith, startKafka } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'operations', 'many-sites.md'), 'utf8');
const TOOLS = {
  'kafka-configs.sh': 'kafka.admin.ConfigCommand',
  'kafka-acls.sh': 'org.apache.kafka.tools.AclCommand',
};
const PASSWORDS = {
  CENTRE_PASSWORD: 'of-the-centre',
  HARBOUR_PASSWORD: 'of-the-harbour',
  STATION_PASSWORD: 'of-the-station',
};
const patient = { timeout: 60_000, interval: 100 };

/** The examples of the page in one language. */
const listBlocks = (language: string) =>
  [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

describeWith(['kafka', 'kafka-tools'], 'Many sites on one Kafka', () => {
  const opened = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'alpr-sites-'));
  opened.defer(() => rmSync(folder, { recursive: true, maxRetries: 5 }));
  const arrived: PlateEvent[] = [];
  const undecodable: string[] = [];
  let broker: string;
  let caFile: string;
  let centre: Bus;
  afterAll(() => opened.disposeAsync());

  beforeAll(async () => {
    const kafka = await startKafka({
      secure: true,
      settings: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        // The administrator, and the broker itself on the plain listener, which people would not open.
        'super.users': 'User:alpr;User:ANONYMOUS',
        'allow.everyone.if.no.acl.found': 'false',
      },
    });
    opened.use(kafka);
    if (!kafka.secure) throw new Error('Expected a broker with TLS');
    [broker = ''] = kafka.secure.saslTls;
    ({ caFile } = kafka.secure);
    runCommands(kafka.secure.password);
    const bus = await openBus('centre', configOf('centre', 'of-the-centre', listBlocks('yaml')[0]));
    centre = bus.bus;
    opened.use(
      await centre.subscribe({ topic: 'plates', group: 'ingest', maxBatch: 100, maxWaitMs: 10 }, async (batch) => {
        for (const arrival of batch) {
          const event = arrival.read();
          if (event instanceof Undecodable) undecodable.push(event.error.message);
          else arrived.push(event);
        }
      }),
    );
    const settings = { kind: 'simulator', id: 'gate' };
    await centre.publish('cameras', [
      { id: 'gate', site: 'harbour', state: 'paused', revision: 1, settings, secrets: null },
    ]);
  }, 600_000);

  /** The commands of the page, by Kafka's own tools. */
  function runCommands(password: string): void {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const path = ['kafka', 'kafka-tools'].map((name) => join(installedFolder(name as 'kafka'), 'libs', '*')).join(':');
    for (const [name, main] of Object.entries(TOOLS)) {
      const words = javaCommand(128, ['-cp', path, main]).map((word) => `'${word}'`);
      writeFileSync(join(bin, name), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
    }
    const login = `org.apache.kafka.common.security.scram.ScramLoginModule required username="alpr" password="${password}";`;
    const properties = [
      ...['security.protocol=SASL_SSL', 'sasl.mechanism=SCRAM-SHA-512', `sasl.jaas.config=${login}`],
      ...['ssl.truststore.type=PEM', `ssl.truststore.location=${caFile}`],
    ];
    writeFileSync(join(folder, 'admin.properties'), `${properties.join('\n')}\n`, { mode: 0o600 });
    const script = `${listBlocks('sh').join('\n')}\nadd_site station "$STATION_PASSWORD"\n`;
    const { status, stderr, stdout } = spawnSync('sh', ['-eu', '-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...PASSWORDS, BROKER: broker, PATH: `${bin}:${process.env.PATH}` },
    });
    expect(status, stdout + stderr).toBe(0);
  }

  /** An example of the page, with this broker and a password. */
  function configOf(username: string, password: string, example = '', topics: object = {}): KafkaConfig {
    const { bus } = parse(example);
    const parsed = busConfigSchema.parse({
      ...bus,
      format: 'json',
      brokers: [broker],
      publish_timeout_ms: 3000,
      tls: { ca_file: caFile },
      sasl: { ...bus.sasl, username, password },
      topics: { ...bus.topics, ...topics },
    });
    if (parsed.kind !== 'kafka') throw new TypeError('Expected Kafka');
    return parsed;
  }

  async function openBus(name: string, config: KafkaConfig) {
    const lines: string[] = [];
    const log = createLog(
      { level: 'info', format: 'json' },
      { write: (line) => lines.push(line), isTerminal: false, hasColours: false },
    );
    const dataFolder = join(folder, name);
    mkdirSync(dataFolder, { recursive: true });
    const kafka = opened.use(await openKafka({ config, dataFolder, log, telemetry: new Telemetry() }));
    return { ...kafka, log, told: () => lines.join('') };
  }

  const atSite = (password = 'of-the-harbour', topics: object = {}) =>
    configOf('site-harbour', password, listBlocks('yaml')[1], topics);
  const ofSite = (site: string, text: string): PlateEvent => ({ ...makeEvent({ text }), site_id: site });
  const textsOf = (site: string) =>
    arrived.filter(({ site_id }) => site_id === site).map(({ plate }) => plate.text_normalized);

  /** What an edge has: a spool on the disk, and whoever empties it to that bus. */
  async function carry(config: KafkaConfig, events: readonly PlateEvent[]) {
    const { bus, log, told } = await openBus('harbour', config);
    const spool = await Spool.open({ folder: join(folder, 'spool'), segmentBytes: 1_000_000, log });
    for (const event of events) await spool.append(encodeEvent(event));
    const publisher = new Publisher({ spool, bus, log, metrics: createEdgeMetrics(new Telemetry()) });
    publisher.notify();
    const close = async () => {
      await publisher[Symbol.asyncDispose]();
      await spool[Symbol.asyncDispose]();
    };
    return { spool, told, [Symbol.asyncDispose]: close };
  }

  test('a site writes its events, learns of its cameras, and everything arrives at the centre', async () => {
    await using site = await carry(atSite(), [ofSite('harbour', 'HRB1'), ofSite('harbour', 'HRB2')]);
    await expect.poll(() => site.spool.waiting, patient).toBe(0);
    await expect.poll(() => textsOf('harbour'), patient).toEqual(['HRB1', 'HRB2']);
    const cameras: string[] = [];
    const { bus } = await openBus('harbour', atSite());
    const onlooker = { group: 'edge-cameras', isOnlooker: true, fromStart: true, maxBatch: 10, maxWaitMs: 0 };
    const take = bus.subscribe({ topic: 'cameras', ...onlooker }, async (batch) => {
      for (const arrival of batch) {
        const camera = arrival.read();
        if (!(camera instanceof Undecodable)) cameras.push(camera.id);
      }
    });
    await using _taking = await take;
    await expect.poll(() => cameras, patient).toEqual(['gate']);
  });

  test('a wrong password is named, and what waits goes out with the right one', async () => {
    {
      await using site = await carry(atSite('of-somebody'), [ofSite('harbour', 'HRB3')]);
      await expect.poll(site.told, patient).toMatch(/[Aa]uthentication/);
      expect(site.spool.waiting).toBe(1);
    }
    await using site = await carry(atSite(), []);
    await expect.poll(() => site.spool.waiting, patient).toBe(0);
    await expect.poll(() => textsOf('harbour'), patient).toContain('HRB3');
  });

  test.each(['alpr.events.plates.station', 'alpr.events.plates', 'alpr.alerts'])(
    'the password of a site does not open %s, and nothing is lost',
    async (plates) => {
      const text = `NO${plates.length}`;
      {
        await using site = await carry(atSite('of-the-harbour', { plates }), [ofSite('harbour', text)]);
        await expect.poll(site.told, patient).toContain(plates);
        expect(site.told()).toContain('may not use');
        expect(site.spool.waiting).toBe(1);
      }
      await using _site = await carry(atSite(), []);
      await expect.poll(() => textsOf('harbour'), patient).toContain(text);
    },
  );

  test('a site cannot read events, not even its own', async () => {
    const seen: unknown[] = [];
    const { bus, told } = await openBus('harbour', atSite());
    await using _reading = await bus.subscribe(
      { topic: 'plates', group: 'curious', isOnlooker: true, fromStart: true, maxBatch: 10, maxWaitMs: 0 },
      async (batch) => {
        seen.push(...batch);
      },
    );
    await expect.poll(told, patient).toContain('alpr.events.plates.harbour');
    expect(seen).toEqual([]);
  });

  test('an event that a site writes in the name of another one is taken by nobody', async () => {
    const before = arrived.length;
    await using site = await carry(atSite(), [ofSite('station', 'FORGED'), ofSite('harbour', 'HRB9')]);
    await expect.poll(() => textsOf('harbour'), patient).toContain('HRB9');
    await expect.poll(() => undecodable, patient).toHaveLength(1);
    expect(undecodable[0]).toContain('Expected events of the site harbour on alpr.events.plates.harbour');
    expect(site.spool.waiting).toBe(0);
    expect(arrived).toHaveLength(before + 1);
  });

  test('an edge behind NAT listens nowhere, needs no other right, and loses nothing', async () => {
    const data = join(folder, 'edge');
    const file = join(folder, 'edge.yaml');
    const settings = {
      data,
      site: { id: 'harbour' },
      bus: atSite(),
      cameras: [{ kind: 'simulator', id: 'quay', fps: 5, passages_per_minute: 60 }],
      metrics: { report_seconds: 1 },
      log: { format: 'json' },
    };
    writeFileSync(file, JSON.stringify(settings));
    const logFile = join(folder, 'edge.log');
    const args = [join(ROOT, 'src', 'cli.ts'), '--config', file, 'edge'];
    const edge = opened.use(new KeptProcess({ name: 'edge', args, logFile }));
    const reports = new Set<string>();
    await using _reports = await centre.subscribe(
      { topic: 'metrics', group: 'reports', maxBatch: 100, maxWaitMs: 10 },
      async (batch) => {
        for (const arrival of batch) {
          const report = arrival.read();
          if (!(report instanceof Undecodable)) reports.add(report.site_id);
        }
      },
    );
    await edge.restart();
    const fromQuay = () => arrived.filter(({ camera_id, status }) => camera_id === 'quay' && status === 'final');
    await expect.poll(() => fromQuay().length, { ...patient, timeout: 120_000 }).toBeGreaterThan(2);
    await expect.poll(() => [...reports], patient).toEqual(['harbour']);
    expect(listListening(edge.pid ?? 0)).toEqual([]);
    expect(await edge.stop()).toBe(0);
    const spooled = await readFinalIds(logFile);
    await expect
      .poll(() => [...spooled.difference(new Set(fromQuay().map(({ event_id }) => event_id)))], patient)
      .toEqual([]);
    const lines = readFileSync(logFile, 'utf8').split('\n');
    expect(lines.filter((line) => /"level":"(warn|error|fatal)"/.test(line))).toEqual([]);
  }, 240_000);
});

/** Ports on which a process listens, from what Linux says of its sockets. */
function listListening(pid: number): readonly string[] {
  const LISTEN = '0A';
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) =>
    readFileSync(`/proc/${pid}/net/${kind}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => sockets.has(columns[9] ?? '') && (kind.startsWith('udp') || columns[3] === LISTEN))
      .map((columns) => `${kind} ${columns[1]}`),
  );
}
