import { SingleBar } from 'cli-progress';

/** How far a longer piece of work has come. */
export type Progress = Readonly<{ step(): void; stop(): void }>;

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
  return { step: () => bar.increment(), stop: () => bar.stop() };
}
