import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');

/** What a token needs to read what is stored and how the system works. */
const READING = 'events:read,search,images,system,metrics';

/** Makes a token as an administrator would, beside a system of that configuration, and returns its header. */
export async function createAuthorization(config: readonly string[]): Promise<string> {
  const asked = ['tokens', 'create', '--name', 'reader', '--permissions', READING, '--expires', 'never'];
  const { stdout } = await run(process.execPath, [PROGRAM, ...config, ...asked]);
  return `Bearer ${stdout.trim()}`;
}
