import type { Config } from '../../app/config.ts';
import { startProgress } from '../../base/progress.ts';
import { compareModels, formatComparison, tabulateReports } from '../../eval/compare-models.ts';
import { formatReport } from '../../eval/format-report.ts';
import { measureSet } from '../../eval/measure-set.ts';
import { writePage } from '../../eval/page/write-page.ts';
import { findAlphabet } from '../../eval/replace-model.ts';
import { compileReport } from '../../eval/report.ts';
import { readTruth } from '../../eval/truth.ts';
import { openWatchedVision } from '../../eval/watched-vision.ts';

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
  const files = await readTruth(folder, { ...flags, alphabet: await findAlphabet(config) });
  await using vision = await openWatchedVision(config);
  const progress = startProgress(files.length, 'files');
  const measured = await measureSet(files, vision, progress);
  progress.stop();
  const models = Object.values(vision.models).map(({ id, provider }) => `${id} (${provider})`);
  const report = compileReport(folder, models, measured);
  for (const { name, why } of report.failures) process.stderr.write(`${name}: ${why}\n`);
  const reports = await compareModels({ config, folder, files, own: report, models: flags.compare ?? [] });
  if (flags.json) process.stdout.write(`${JSON.stringify(reports.length > 1 ? reports : report)}\n`);
  else process.stdout.write(formatReport(report) + (reports.length > 1 ? `\n${formatComparison(reports)}` : ''));
  if (flags.html !== undefined) {
    const comparison = reports.length > 1 ? tabulateReports(reports) : undefined;
    const path = await writePage({ folder: flags.html, report, measured, comparison });
    process.stderr.write(`The page is ${path}; it shows number plates: keep it where the pictures may be kept.\n`);
  }
  return report.failures.length > 0 ? 1 : 0;
}
