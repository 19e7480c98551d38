import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { javaCommand, runJava } from './java.ts';
import { createSecurity, type SecureKafka } from './kafka-security.ts';
import { BROKER_SETTINGS, formatProperties, libraries } from './kafka-settings.ts';
import { findDoorPort, keepPorts } from './ports.ts';
import { acceptsConnections } from './probes.ts';
import { openServerFolder, ServerControl, type ServerFolder } from './server.ts';

const QUIET = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.showDateTime=true'] as const;

export const LONGEST_SESSION_MS = 60_000;

const KRAFT_SETTINGS = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAIN',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'share.coordinator.state.topic.num.partitions': '2',
  'broker.session.timeout.ms': '1500',
  'broker.heartbeat.interval.ms': '300',
} as const;

export type KafkaOptions = Readonly<{
  /** Also listens with SASL, with TLS and with both. */
  secure?: boolean;
  /** Also listens behind a door. */
  door?: boolean;
  /** Kept when the server is closed; without it the data are temporary. */
  folder?: string | undefined;
  /** 256 unless told otherwise; 128 is enough for a quiet broker. */
  heapMb?: number;
  /** More lines of the broker's configuration. */
  settings?: Readonly<Record<string, string>>;
}>;

/** How to reach a broker: `brokers` speak plain Kafka; the listeners of `secure` want the user's password or trust in `ca`. */
export type KafkaAddress = Readonly<{
  /** Where it keeps its metadata. */
  kind: 'kraft' | 'zookeeper';
  brokers: readonly string[];
  secure?: SecureKafka;
  /** Whoever asks at `inside` is sent to `outside`, where nothing listens until a test lets its connections through. */
  door?: Readonly<{ outside: string; inside: string }>;
}>;

export type KafkaServer = KafkaAddress & Readonly<{ control: ServerControl }> & AsyncDisposable;

/** A broker for all tests of a run: whoever may be silent for longer than `LONGEST_SESSION_MS` is refused. */
export const startKafkaForAll = (): Promise<KafkaServer> =>
  startKafka({ secure: true, door: true, settings: { 'group.max.session.timeout.ms': String(LONGEST_SESSION_MS) } });

/** A Kafka 4.3 broker of its own (KRaft, one node) on free ports of 127.0.0.1. Topics are not created by use. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const folder = await openServerFolder('kafka', options.folder);
  const ports = await keepPorts(2 + (options.secure ? 3 : 0) + (options.door ? 1 : 0), folder);
  const [plain = 0, controller = 0, ...more] = ports;
  const [sasl = 0, saslTls = 0, tls = 0] = options.secure ? more.splice(0, 3) : [];
  const [inside = 0] = more;
  const outside = options.door ? await findDoorPort() : 0;
  const secure = options.secure ? await createSecurity({ folder, sasl, saslTls, tls }) : undefined;
  const file = path.join(folder.path, 'broker.properties');
  const settings = {
    ...BROKER_SETTINGS,
    ...KRAFT_SETTINGS,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'log.dirs': path.join(folder.path, 'data'),
    ...listenOn(
      {
        ...{ PLAIN: plain, CONTROLLER: controller },
        ...(secure ? { SASLP: sasl, SASLS: saslTls, TLS: tls } : {}),
        ...(options.door ? { DOOR: inside } : {}),
      },
      { DOOR: outside },
    ),
    ...secure?.settings,
    ...options.settings,
  };
  await writeFile(file, formatProperties(settings), { mode: 0o600 });
  await formatOnce(folder, file, secure?.address);
  const control = await ServerControl.start({
    name: 'kafka',
    folder,
    command: {
      command: javaCommand(options.heapMb ?? 256, [...QUIET, '-cp', libraries('kafka'), 'kafka.Kafka', file]),
    },
    isReady: async () => (await Promise.all(ports.map(acceptsConnections))).every(Boolean),
  });
  return {
    kind: 'kraft',
    brokers: [`127.0.0.1:${plain}`],
    ...(secure ? { secure: secure.address } : {}),
    ...(options.door ? { door: { outside: `127.0.0.1:${outside}`, inside: `127.0.0.1:${inside}` } } : {}),
    control,
    [Symbol.asyncDispose]: () => control[Symbol.asyncDispose](),
  };
}

type Listener = 'PLAIN' | 'CONTROLLER' | 'SASLP' | 'SASLS' | 'TLS' | 'DOOR';
type Ports = Readonly<Partial<Record<Listener, number>>>;
const PROTOCOLS: Readonly<Record<Listener, string>> = {
  PLAIN: 'PLAINTEXT',
  CONTROLLER: 'PLAINTEXT',
  SASLP: 'SASL_PLAINTEXT',
  SASLS: 'SASL_SSL',
  TLS: 'SSL',
  DOOR: 'PLAINTEXT',
};

/** `told` are the ports that clients are told instead of those where the broker listens. */
function listenOn(ports: Ports, told: Ports): Record<string, string> {
  const addressesOf = (all: Ports) => Object.entries(all).map(([name, port]) => `${name}://127.0.0.1:${port}`);
  const { CONTROLLER: _, ...open } = ports;
  const advertised = { ...open, ...('DOOR' in open ? told : {}) };
  const used = Object.entries(PROTOCOLS).filter(([name]) => name in ports);
  const protocols = used.map(([name, protocol]) => `${name}:${protocol}`);
  return {
    listeners: addressesOf(ports).join(','),
    'advertised.listeners': addressesOf(advertised).join(','),
    'listener.security.protocol.map': protocols.join(','),
  };
}

async function formatOnce({ path: folder }: ServerFolder, file: string, user: SecureKafka | undefined): Promise<void> {
  if (existsSync(path.join(folder, 'data', 'meta.properties'))) return;
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) =>
    user ? ['--add-scram', `${mechanism}=[name=${user.username},password=${user.password}]`] : [],
  );
  // One node alone: its cluster needs no name that differs from others'.
  const format = ['kafka.tools.StorageTool', 'format', '-t', 'AAAAAAAAAAAAAAAAAAAAAQ', '-c', file];
  await runJava(64, [...QUIET, '-cp', libraries('kafka'), ...format, '--ignore-formatted', ...users]);
}
