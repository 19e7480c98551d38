import type { Config } from '../config.ts';
import { findModel } from '../models/hub.ts';
import { formatReport } from './eval/format-report.ts';
import { measureSet } from './eval/measure-set.ts';
import { compileReport } from './eval/report.ts';
import { readTruth } from './eval/truth.ts';
import { openWatchedVision } from './eval/watched-vision.ts';
import { modelFolders } from './open-vision.ts';
import { startProgress } from './progress.ts';

export type EvalFlags = Readonly<{
  crops?: boolean;
  split?: string;
  only?: string;
  limit?: number;
  heldOut?: number;
  single?: boolean;
  texts?: string;
  json?: boolean;
  html?: string;
  compare?: readonly string[];
}>;

/** Measures the configured models on a folder with truth and prints the figures; 1 when a file could not be read. */
export async function evaluate(config: Config, folder: string, flags: EvalFlags): Promise<number> {
  const { manifest } = await findModel(config.models.reader, modelFolders(config.models.folders));
  const alphabet = 'alphabet' in manifest ? manifest.alphabet : undefined;
  const files = await readTruth(folder, { ...flags, alphabet });
  await using vision = await openWatchedVision(config);
  const progress = startProgress(files.length, 'files');
  const measured = await measureSet(files, vision, progress);
  progress.stop();
  const models = Object.values(vision.models).map(({ id, provider }) => `${id} (${provider})`);
  const report = compileReport(folder, models, measured);
  for (const { name, why } of report.failures) process.stderr.write(`${name}: ${why}\n`);
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : formatReport(report));
  return report.failures.length > 0 ? 1 : 0;
}
