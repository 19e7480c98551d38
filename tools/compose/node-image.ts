import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { cacheFolder } from '../servers/cache.ts';

/** Versions of the npm packages that an image is made of. */
export type NodeRelease = Readonly<{ node: string; npm: string }>;

const CERTIFICATES = '/etc/ssl/trial.pem';
const PASSED_SETTINGS = ['registry', 'proxy', 'https-proxy', 'noproxy', 'strict-ssl'];

/** Refuses to go on where Docker cannot be reached. */
export function requireDocker(): void {
  if (succeeds('docker', ['version'])) return;
  throw new Error(
    'This trial needs Docker, but "docker version" fails. Install it (Debian, Ubuntu: apt-get install docker.io), start it, ' +
      'or name a running one in DOCKER_HOST.',
  );
}

/**
 * The tag of a Debian 12 image with this Node and npm alone, an ordinary user `node`, and the certificates and npm settings of
 * this machine. It is made from packages of Debian and npm at the first call, and stays in Docker.
 */
export function openNodeImage({ node, npm }: NodeRelease): string {
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  const settings = [...(certificates ? [`NODE_EXTRA_CA_CERTS=${CERTIFICATES}`] : []), ...readNpmSettings()];
  const dockerfile = `FROM scratch
ADD debian.tar /
ADD node.tgz /opt/node/
ADD npm.tgz /opt/npm/
COPY certificates.pem ${CERTIFICATES}
ENV ${settings.join(' ')}
RUN ln -s /opt/node/package/bin/node /usr/local/bin/node \\
 && ln -s /opt/npm/package/bin/npm-cli.js /usr/local/bin/npm \\
 && ln -s /opt/npm/package/bin/npx-cli.js /usr/local/bin/npx \\
 && useradd --create-home --shell /bin/bash --uid 1000 node
`;
  const hash = createHash('sha256').update(dockerfile).update(npm).digest('hex').slice(0, 8);
  const tag = `ovr-alpr-trial:node-${node}-${hash}`;
  if (succeeds('docker', ['image', 'inspect', tag])) return tag;
  const debian = makeDebian();
  const folder = mkdtempSync(join(cacheFolder(), 'image-'));
  try {
    linkSync(debian, join(folder, 'debian.tar'));
    packInto(folder, `node-linux-${process.arch}@${node}`, 'node.tgz');
    packInto(folder, `npm@${npm}`, 'npm.tgz');
    if (certificates) copyFileSync(certificates, join(folder, 'certificates.pem'));
    else writeFileSync(join(folder, 'certificates.pem'), '');
    writeFileSync(join(folder, 'Dockerfile'), dockerfile);
    buildImage(tag, [folder]);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return tag;
}

/** Builds an image on the network of this machine, so that its proxies and registries are reached. */
export function buildImage(tag: string, args: readonly string[]): void {
  execFileSync('docker', ['build', '--quiet', '--network', 'host', '--tag', tag, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Bytes of an image on disk, and as `docker save IMAGE | gzip | wc -c` counts them. */
export async function weighImage(tag: string): Promise<{ unpacked: number; compressed: number }> {
  const unpacked = Number(execFileSync('docker', ['image', 'inspect', '--format', '{{.Size}}', tag]));
  let compressed = 0;
  const { stdout } = spawn('docker', ['save', tag], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of stdout.pipe(createGzip())) compressed += chunk.length;
  return { unpacked, compressed };
}

/** A minimal Debian 12 as a tar file, kept in the cache folder. */
function makeDebian(): string {
  const kept = join(cacheFolder(), `debian-12-${process.arch}.tar`);
  if (existsSync(kept)) return kept;
  if (!succeeds('mmdebstrap', ['--version'])) {
    throw new Error(
      'This trial makes a minimal Debian with mmdebstrap, which is missing. Install it (Debian, Ubuntu: apt-get install mmdebstrap).',
    );
  }
  mkdirSync(cacheFolder(), { recursive: true });
  const part = `${kept}.part`;
  execFileSync('mmdebstrap', ['--quiet', '--variant=minbase', '--format=tar', 'bookworm', part], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  renameSync(part, kept);
  return kept;
}

function packInto(folder: string, spec: string, name: string): void {
  const packed = execFileSync('npm', ['pack', '--silent', spec], { cwd: folder, encoding: 'utf8' }).trim();
  renameSync(join(folder, packed), join(folder, name));
}

/** Which registry, and by which proxy, as environment variables that npm understands. */
function readNpmSettings(): readonly string[] {
  const npm: Record<string, unknown> = JSON.parse(
    execFileSync('npm', ['config', 'list', '--json'], { encoding: 'utf8' }),
  );
  const given = PASSED_SETTINGS.filter((name) => npm[name] !== null && String(npm[name]) !== '');
  return given.map((name) => `npm_config_${name.replaceAll('-', '_')}=${npm[name]}`);
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
