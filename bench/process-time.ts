import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** User and system seconds of a command and all its children, by bash's `time`, and what it wrote. */
export async function timeWithChildren(
  command: readonly string[],
  redirect = '',
): Promise<Readonly<{ seconds: number; output: string }>> {
  const script = `TIMEFORMAT='%U %S'; time "$@" 2>/dev/null ${redirect}`;
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, 'bash', ...command]);
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { seconds: user + system, output: stdout };
}
