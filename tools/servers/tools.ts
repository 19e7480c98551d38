import { spawnSync } from 'node:child_process';

/** Programs that fetch the servers, and the Debian packages that bring them. */
const DEBIAN = {
  python3: ['python3', 'python3-pip'],
  mvn: ['maven'],
  javac: ['default-jdk-headless'],
  npm: ['npm'],
  go: ['golang-go'],
  'apt-get': ['apt'],
  'dpkg-deb': ['dpkg'],
  'gst-launch-1.0': [
    'gstreamer1.0-tools',
    'gstreamer1.0-plugins-base',
    'gstreamer1.0-plugins-good',
    'gstreamer1.0-plugins-bad',
    'gstreamer1.0-libav',
  ],
} as const;

export type Tool = keyof typeof DEBIAN;

/**
 * Makes sure that the programs are there: root on a Debian gets them by apt-get. Elsewhere an error says what to install.
 */
export async function ensureTools(tools: readonly Tool[], say: (line: string) => void): Promise<void> {
  const missing = tools.filter((tool) => !works(tool));
  if (missing.length === 0) return;
  const packages = missing.flatMap((tool) => DEBIAN[tool]);
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !succeeds('apt-get', ['--version'])) {
    throw new Error(`${missing.join(' and ')} is missing; install it (Debian: ${command})`);
  }
  say(`${command} (once) …`);
  const options = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const [program = '', ...args] = command.split(' ');
  if (!succeeds(program, args, options)) {
    succeeds('apt-get', ['update'], options);
    succeeds(program, args, options);
  }
  const still = tools.filter((tool) => !works(tool));
  if (still.length > 0) throw new Error(`${still.join(' and ')} is missing and "${command}" did not bring it`);
}

function works(tool: Tool): boolean {
  if (tool === 'python3') return succeeds('python3', ['-m', 'pip', '--version']);
  return succeeds(tool, [tool === 'go' ? 'version' : '--version']);
}

function succeeds(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): boolean {
  return spawnSync(program, args, { stdio: 'ignore', env }).status === 0;
}
