import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { installedFolder } from '../servers/cache.ts';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '..', '..');
/** What the stand-ins cannot do, and the services that have no stand-in. */
const OVERRIDE = path.join(import.meta.dirname, 'stand-ins.yaml');
/** On a busy machine Java takes minutes to start. */
const WAIT_S = 900;

const listed = z.object({
  Service: z.string(),
  Name: z.string(),
  State: z.string(),
  Health: z.string(),
});
/** A container of the composition, its state and its health. */
export type Container = Readonly<{ service: string; name: string; state: string; health: string }>;

/** deploy/ in a folder of its own, with secrets of its own, on the Docker Engine of this process. */
export class Composition implements AsyncDisposable {
  readonly folder: string;
  readonly #compose = path.join(installedFolder('docker-compose'), 'docker-compose');

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Composition> {
    const folder = await mkdtemp(path.join(tmpdir(), 'ovr-alpr-compose-'));
    await cp(path.join(ROOT, 'deploy'), path.join(folder, 'deploy'), { recursive: true });
    await rm(path.join(folder, 'deploy', '.env'), { force: true });
    await run('sh', [path.join(folder, 'deploy', 'create-secrets.sh')]);
    return new Composition(folder);
  }

  /** Removes its containers and volumes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.run('--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '10');
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A value of deploy/.env in place of the one there. */
  async set(name: string, value: string): Promise<void> {
    const file = path.join(this.folder, 'deploy', '.env');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(new RegExp(`^${name}=.*$`, 'm'), `${name}=${value}`), { mode: 0o600 });
  }

  /** Starts what these profiles name, as a user does, and waits until it is healthy; resolves to the seconds that it took. */
  async up(...profiles: readonly string[]): Promise<number> {
    await this.set('COMPOSE_PROFILES', profiles.join(','));
    const begun = performance.now();
    await this.run('up', '--detach', '--no-build', '--wait', '--wait-timeout', String(WAIT_S));
    return (performance.now() - begun) / 1000;
  }

  /** `docker compose` with these arguments. */
  async run(...args: readonly string[]): Promise<string> {
    const files = ['--file', path.join(this.folder, 'deploy', 'compose.yaml'), '--file', OVERRIDE];
    const { stdout } = await run(this.#compose, [...files, ...args], { maxBuffer: 1 << 26, cwd: this.folder });
    return stdout;
  }

  /** A command of the program, in the container of the API. */
  async alpr(...args: readonly string[]): Promise<string> {
    return (await this.run('exec', '--no-TTY', 'serve', 'node', '/app/bin/alpr.js', ...args)).trim();
  }

  /** Every container that is there. */
  async list(): Promise<readonly Container[]> {
    const lines = (await this.run('ps', '--all', '--format', 'json')).trim().split('\n');
    return lines
      .filter((line) => line !== '')
      .map((line) => listed.parse(JSON.parse(line)))
      .map(({ Service, Name, State, Health }) => ({ service: Service, name: Name, state: State, health: Health }));
  }

  /** kill -9 from outside Docker: a container that `docker kill` ends is not restarted. */
  async kill(container: string): Promise<void> {
    const { stdout } = await run('docker', ['inspect', '--format', '{{.State.Pid}}', container]);
    process.kill(Number(stdout), 'SIGKILL');
  }
}
