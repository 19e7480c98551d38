// Runs before `npm start`, `npm test` and `npm run check` on whatever Node the machine has (20 or newer): installs what is
// missing, so that the rest can rely on the Node version and the packages that the project brings.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const purpose = process.argv[2] ?? 'start';

process.chdir(root);
if (Number.parseInt(process.versions.node, 10) < 20) {
  console.error(`Node ${process.versions.node} is too old for the installation: expected 20 or newer.`);
  process.exit(1);
}
installPackages();
buildPage();
if (purpose === 'test') {
  checkTestTools();
  installServers();
}

/** `npm ci` when nothing is installed, an installation was cut off, or the lockfile is newer than it. */
function installPackages() {
  const [lock, installed] = ['package-lock.json', join('node_modules', '.package-lock.json')];
  const isWhole = existsSync(installed) && existsSync(join('node_modules', '.bin', 'node'));
  if (isWhole && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say('Installing packages (once, about a minute) …');
  const env = { ...process.env, npm_config_onnxruntime_node_install: 'skip', ONNXRUNTIME_NODE_INSTALL: 'skip' };
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    env,
    'Packages could not be installed. Is the npm registry within reach?',
  );
}

/** Builds the page when a source is newer than the built one. */
function buildPage() {
  const built = join('dist', 'web', 'index.html');
  const newest = Math.max(newestChange('src/web'), newestChange('src/contract'));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  say('Building the page …');
  mkdirSync('dist', { recursive: true });
  run(
    join('node_modules', '.bin', 'node'),
    ['node_modules/vite/bin/vite.js', 'build', 'src/web', '--logLevel', 'warn'],
    process.env,
    'The page could not be built.',
  );
}

/** Tests need a browser: the system's, or the one an npm package carries for x64 Linux. */
function checkTestTools() {
  const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  if (browsers.some((path) => existsSync(path)) || (process.platform === 'linux' && process.arch === 'x64')) return;
  if (process.env.CHROMIUM && existsSync(process.env.CHROMIUM)) return;
  console.error(
    'The page’s tests need Chromium. Install it (Debian: apt-get install chromium) or name it: CHROMIUM=/path/to/chromium npm test',
  );
  process.exit(1);
}

/** The real servers that tests run against; suites whose servers cannot be had are skipped with the reason (CI=true: fail). */
function installServers() {
  const node = join('node_modules', '.bin', 'node');
  const { status } = spawnSync(node, ['tools/servers/run.ts', '--install'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0 && process.env.CI) process.exit(1);
}

function newestChange(folder) {
  return Math.max(
    0,
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? newestChange(path) : statSync(path).mtimeMs;
    }),
  );
}

function run(command, args, env, sorry) {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(sorry);
  process.exit(1);
}

function say(line) {
  console.error(line);
}
