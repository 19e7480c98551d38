import { SingleBar } from 'cli-progress';

/** How far a longer piece of work has come; a step is one unit of it, or as many as are told. */
export type Progress = Readonly<{ step(units?: number): void; stop(): void }>;

/** A progress bar on standard error, or nothing where nobody watches or there is little to do. */
export function startProgress(total: number, what: string): Progress {
  if (!process.stderr.isTTY || total < 2) return { step() {}, stop() {} };
  const bar = new SingleBar({
    format: `{bar} {value}/{total} ${what}  {percentage} %  {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return { step: (units = 1) => bar.increment(units), stop: () => bar.stop() };
}
