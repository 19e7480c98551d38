// Runs before `npm start`, `npm test` and `npm run check` on whatever Node the machine has (20 or newer): installs what is
// missing, so that the rest can rely on the Node version and the packages that the project brings.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trimPackages } from './trim-packages.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const purpose = process.argv[2] ?? 'start';
const ownNode = join('node_modules', '.bin', 'node');

process.chdir(root);
if (Number.parseInt(process.versions.node, 10) < 20) {
  console.error(`Node ${process.versions.node} is too old for the installation: expected 20 or newer.`);
  process.exit(1);
}
installPackages();
// The image installs them in a layer of its own, which a change of the page leaves as it is.
if (purpose === 'packages') process.exit(0);
checkOwnNode();
buildPage();
if (purpose === 'test' || purpose === 'earlier' || purpose === 'compiled') {
  checkTestTools();
  installServers();
}

/**
 * `npm ci` when a package is missing or the lockfile is newer; `npm start` alone leaves out what only development needs. That is
 * added later without removing anything: a system that runs here has its PostgreSQL in these folders.
 */
function installPackages() {
  const [lock, installed] = ['package-lock.json', join('node_modules', '.package-lock.json')];
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const develops = !['start', 'packages'].includes(purpose) || areInstalled(devDependencies);
  const wanted = develops ? { ...dependencies, ...devDependencies } : dependencies;
  const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
  const isWhole = isCurrent && existsSync(ownNode);
  if (isWhole && areInstalled(wanted)) return;
  const adds = isWhole && areInstalled(dependencies);
  say(adds ? 'Adding what development needs (once, some minutes) …' : 'Installing packages (once, a minute or two) …');
  const env = { ...process.env, npm_config_onnxruntime_node_install: 'skip', ONNXRUNTIME_NODE_INSTALL: 'skip' };
  run(
    'npm',
    [
      ...(adds ? ['install', '--no-save'] : ['ci']),
      develops ? '--include=dev' : '--omit=dev',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ],
    env,
    'Packages could not be installed. Is the npm registry within reach?',
  );
  trimPackages('node_modules', { keepsFfmpeg: develops });
}

function areInstalled(packages) {
  return Object.keys(packages).every((name) => existsSync(join('node_modules', name, 'package.json')));
}

/** The Node of the npm package starts wherever glibc 2.28 and the C++ runtime are; elsewhere this says what to install. */
function checkOwnNode() {
  const { status, stderr, error } = spawnSync(ownNode, ['--version'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  const library = /(lib[^\s:/]+)\.so\.(\d+): cannot open/.exec(stderr ?? '');
  console.error(
    library
      ? `The system library ${library[1]}.so.${library[2]} is missing. Install it (Debian, Ubuntu: apt-get install ${debianPackage(library)}) and try again.`
      : `The Node that this project brings does not start here: expected glibc 2.28 or newer, as in Debian 10 and later. ${stderr || error}`,
  );
  process.exit(1);
}

/** Debian names a package after the library and its version; a hyphen parts two digits. */
function debianPackage([, name, version]) {
  return `${name.toLowerCase().replaceAll('_', '-')}${/\d$/.test(name) ? '-' : ''}${version}`;
}

/** Builds the page when a source is newer than the built one. */
function buildPage() {
  const built = join('dist', 'web', 'index.html');
  const newest = Math.max(newestChange('src/web'), newestChange('src/contract'));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  say('Building the page …');
  mkdirSync('dist', { recursive: true });
  run(
    ownNode,
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
  const { status } = spawnSync(
    ownNode,
    ['tools/servers/run.ts', '--install', ...(purpose === 'test' ? [] : [purpose])],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
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
