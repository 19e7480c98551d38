import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { packageFolder } from './cache.ts';
import { javaCommand, runJava, runKeytool } from './java.ts';
import { PACKAGES } from './packages.ts';
import { findFreePorts } from './ports.ts';
import { acceptsConnections } from './probes.ts';
import { openServerFolder, ServerControl, type ServerFolder } from './server.ts';

const USER = 'alpr';
const QUIET = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.showDateTime=true'] as const;

/** Small, quick to start and, after kill -9, quick to be taken back (`broker.session.timeout.ms`); no topic by accident. */
export const BROKER_SETTINGS = {
  'num.partitions': '3',
  'default.replication.factor': '1',
  'min.insync.replicas': '1',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '4',
  'group.initial.rebalance.delay.ms': '0',
  'auto.create.topics.enable': 'false',
  'num.network.threads': '2',
  'num.io.threads': '2',
  'background.threads': '2',
  'log.cleaner.threads': '1',
  'log.cleaner.dedupe.buffer.size': '2097152',
  'log.index.size.max.bytes': '1048576',
  'log.segment.bytes': '67108864',
  'queued.max.requests': '100',
} as const;

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
  /** Kept when the server is closed; without it the data are temporary. */
  folder?: string | undefined;
  /** 256 unless told otherwise; 128 is enough for a quiet broker. */
  heapMb?: number;
}>;

/** How to reach a broker: `brokers` speak plain Kafka; the listeners of `secure` want the user's password or trust in `ca`. */
export type KafkaAddress = Readonly<{
  /** Where it keeps its metadata. */
  kind: 'kraft' | 'zookeeper';
  brokers: readonly string[];
  secure?: SecureKafka;
}>;

/**
 * `sasl` and `saslTls` take PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 with the same user; `tls` wants no password. `ca` is the
 * PEM of the certificate to trust, valid for 127.0.0.1 and localhost; `caFile` holds the same.
 */
export type SecureKafka = Readonly<{
  username: string;
  password: string;
  sasl: readonly string[];
  tls: readonly string[];
  saslTls: readonly string[];
  ca: string;
  caFile: string;
}>;

export type KafkaServer = KafkaAddress & Readonly<{ control: ServerControl }> & AsyncDisposable;

/** A Kafka 4.3 broker of its own (KRaft, one node) on free ports of 127.0.0.1. Topics are not created by use. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const folder = await openServerFolder('kafka', options.folder);
  const ports = await findFreePorts(options.secure ? 5 : 2);
  const [plain = 0, controller = 0, sasl = 0, saslTls = 0, tls = 0] = ports;
  const secure = options.secure ? await createSecurity({ folder, sasl, saslTls, tls }) : undefined;
  const file = path.join(folder.path, 'broker.properties');
  const settings = {
    ...BROKER_SETTINGS,
    ...KRAFT_SETTINGS,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'log.dirs': path.join(folder.path, 'data'),
    ...listenOn({ PLAIN: plain, CONTROLLER: controller, ...(secure ? { SASLP: sasl, SASLS: saslTls, TLS: tls } : {}) }),
    ...secure?.settings,
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
    control,
    [Symbol.asyncDispose]: () => control[Symbol.asyncDispose](),
  };
}

/** The class path of an installed Kafka. */
export function libraries(name: 'kafka' | 'kafka-zookeeper'): string {
  const installed = PACKAGES[name].find((one) => one.name === name);
  if (installed === undefined) throw new Error(`${name} is not in the list of packages`);
  return path.join(packageFolder(installed), 'libs', '*');
}

/** `key=value` lines as Java reads them. */
export function formatProperties(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

type Listener = 'PLAIN' | 'CONTROLLER' | 'SASLP' | 'SASLS' | 'TLS';
const PROTOCOLS: Readonly<Record<Listener, string>> = {
  PLAIN: 'PLAINTEXT',
  CONTROLLER: 'PLAINTEXT',
  SASLP: 'SASL_PLAINTEXT',
  SASLS: 'SASL_SSL',
  TLS: 'SSL',
};

function listenOn(ports: Readonly<Partial<Record<Listener, number>>>): Record<string, string> {
  const listeners = Object.entries(ports).map(([name, port]) => `${name}://127.0.0.1:${port}`);
  const protocols = Object.keys(ports).map((name) => `${name}:${PROTOCOLS[name as Listener]}`);
  return {
    listeners: listeners.join(','),
    'advertised.listeners': listeners.filter((one) => !one.startsWith('CONTROLLER')).join(','),
    'listener.security.protocol.map': protocols.join(','),
  };
}

type Security = Readonly<{ address: SecureKafka; settings: Readonly<Record<string, string>> }>;

/** A user and a certificate for this folder alone, kept in it. */
async function createSecurity(options: {
  folder: ServerFolder;
  sasl: number;
  saslTls: number;
  tls: number;
}): Promise<Security> {
  const { folder, sasl, saslTls, tls } = options;
  const password = await keepSecret(path.join(folder.path, 'password'));
  const store = path.join(folder.path, 'server.p12');
  const caFile = path.join(folder.path, 'ca.pem');
  const access = ['-keystore', store, '-storetype', 'PKCS12', '-storepass', password, '-alias', 'server'];
  if (!existsSync(caFile)) {
    const names = ['-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1,dns:localhost', '-ext', 'bc:c=ca:true'];
    await runKeytool([
      '-genkeypair',
      '-keyalg',
      'EC',
      '-groupname',
      'secp256r1',
      '-validity',
      '3650',
      ...names,
      ...access,
    ]);
    await runKeytool(['-exportcert', '-rfc', '-file', caFile, ...access]);
  }
  const address = (port: number) => [`127.0.0.1:${port}`];
  return {
    address: {
      username: USER,
      password,
      sasl: address(sasl),
      tls: address(tls),
      saslTls: address(saslTls),
      ca: await readFile(caFile, 'utf8'),
      caFile,
    },
    settings: {
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      ...loginModules('saslp', password),
      ...loginModules('sasls', password),
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': store,
      'ssl.keystore.password': password,
      'ssl.client.auth': 'none',
    },
  };
}

function loginModules(listener: string, password: string): Record<string, string> {
  const prefix = `listener.name.${listener}`;
  const module = 'org.apache.kafka.common.security';
  return {
    [`${prefix}.plain.sasl.jaas.config`]: `${module}.plain.PlainLoginModule required user_${USER}="${password}";`,
    [`${prefix}.scram-sha-256.sasl.jaas.config`]: `${module}.scram.ScramLoginModule required;`,
    [`${prefix}.scram-sha-512.sasl.jaas.config`]: `${module}.scram.ScramLoginModule required;`,
  };
}

/** A secret made on first use and kept in a file for its owner alone. */
export async function keepSecret(file: string): Promise<string> {
  if (existsSync(file)) return readFile(file, 'utf8');
  const secret = randomBytes(24).toString('hex');
  await writeFile(file, secret, { mode: 0o600, flag: 'wx' });
  return secret;
}

async function formatOnce({ path: folder }: ServerFolder, file: string, user: SecureKafka | undefined): Promise<void> {
  if (existsSync(path.join(folder, 'data', 'meta.properties'))) return;
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) =>
    user ? ['--add-scram', `${mechanism}=[name=${USER},password=${user.password}]`] : [],
  );
  // One node alone: its cluster needs no name that differs from others'.
  const format = ['kafka.tools.StorageTool', 'format', '-t', 'AAAAAAAAAAAAAAAAAAAAAQ', '-c', file];
  await runJava(64, [...QUIET, '-cp', libraries('kafka'), ...format, '--ignore-formatted', ...users]);
}
