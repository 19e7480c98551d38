import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { javaCommand } from './java.ts';
import type { KafkaAddress, KafkaServer } from './kafka.ts';
import { BROKER_SETTINGS, formatProperties, libraries } from './kafka-settings.ts';
import { findFreePorts } from './ports.ts';
import { acceptsConnections } from './probes.ts';
import { openServerFolder, ServerControl } from './server.ts';

const QUIET = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';

/** A Kafka 3.9 broker that keeps its metadata in a ZooKeeper of its own: the last version that can. Data are temporary. */
export async function startKafkaWithZookeeper(): Promise<KafkaServer> {
  await using starting = new AsyncDisposableStack();
  const [port = 0, zookeeperPort = 0] = await findFreePorts(2);
  starting.use(await startZookeeper(zookeeperPort));
  const folder = await openServerFolder('kafka-zookeeper', undefined);
  const file = path.join(folder.path, 'broker.properties');
  const settings = {
    ...BROKER_SETTINGS,
    'broker.id': '1',
    'zookeeper.connect': `127.0.0.1:${zookeeperPort}`,
    'zookeeper.session.timeout.ms': '6000',
    listeners: `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': path.join(folder.path, 'data'),
  };
  await writeFile(file, formatProperties(settings));
  const control = await ServerControl.start({
    name: 'kafka',
    folder,
    command: { command: javaCommand(256, [QUIET, '-cp', libraries('kafka-zookeeper'), 'kafka.Kafka', file]) },
    isReady: () => acceptsConnections(port),
  });
  starting.use(control);
  const address: KafkaAddress = { kind: 'zookeeper', brokers: [`127.0.0.1:${port}`] };
  const running = starting.move();
  return { ...address, control, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function startZookeeper(port: number): Promise<ServerControl> {
  const folder = await openServerFolder('zookeeper', undefined);
  const file = path.join(folder.path, 'zookeeper.cfg');
  const settings = {
    tickTime: '500',
    dataDir: path.join(folder.path, 'data'),
    clientPort: String(port),
    clientPortAddress: '127.0.0.1',
    'admin.enableServer': 'false',
  };
  await writeFile(file, formatProperties(settings));
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
  return ServerControl.start({
    name: 'zookeeper',
    folder,
    command: { command: javaCommand(128, [QUIET, '-cp', libraries('kafka-zookeeper'), main, file]) },
    isReady: () => acceptsConnections(port),
  });
}
