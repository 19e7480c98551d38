import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { vi } from 'vitest';
import { runProgram } from '../../src/commands/run-program.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'alpr.js');

type Answer = Readonly<{ code: number; out: string; err: string }>;

/** Runs the real program in a folder, as a user would. */
export function runAlpr(folder: string, args: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { cwd: folder }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

/** The same in this process, which takes a fraction of the time: for what a command says and does, one after the other. */
export async function callAlpr(folder: string, args: readonly string[]): Promise<Answer> {
  const before = process.cwd();
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += text;
      return true;
    }),
  );
  process.chdir(folder);
  process.exitCode = undefined;
  try {
    const fault = await runProgram(args);
    const err = fault === undefined ? written.stderr : `${written.stderr}alpr: ${fault}\n`;
    return { code: fault === undefined ? Number(process.exitCode ?? 0) : 1, out: written.stdout, err };
  } finally {
    process.exitCode = undefined;
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}
