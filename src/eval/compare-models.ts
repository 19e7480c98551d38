import type { Config } from '../app/config.ts';
import { startProgress } from '../base/progress.ts';
import { formatShare } from './format-report.ts';
import { measureSet } from './measure-set.ts';
import type { Cell } from './page/html.ts';
import { toNumberCell, toShareCell } from './page/html.ts';
import type { Comparison } from './page/write-page.ts';
import { replaceModel } from './replace-model.ts';
import { compileReport, type Report } from './report.ts';
import type { TrueFile } from './truth.ts';
import { openWatchedVision } from './watched-vision.ts';

type Job = Readonly<{
  config: Config;
  folder: string;
  files: readonly TrueFile[];
  own: Report;
  models: readonly string[];
}>;

/** The same files through other readers or detectors, each in the place of the configured one; own figures lead. */
export async function compareModels({ config, folder, files, own, models }: Job): Promise<readonly Report[]> {
  const reports = [own];
  for (const model of models) {
    await using vision = await openWatchedVision(await replaceModel(config, model));
    const progress = startProgress(files.length, model);
    const measured = await measureSet(files, vision, progress);
    progress.stop();
    reports.push(
      compileReport(
        folder,
        Object.values(vision.models).map(({ id }) => id),
        measured,
      ),
    );
  }
  return reports;
}

const HEAD = ['models', 'n', 'exact', 'O=0, I=1', 'among three', 'characters', 'plates found', 'precision', 'ms'];

/** One row for each combination of models. */
export function tabulateReports(reports: readonly Report[]): Comparison {
  const rows = reports.map(({ models, texts, boxes, times }): Cell[] => {
    const plates = boxes.find(({ class: name, iou }) => name === 'plate' && iou === 0.5);
    const time = times.find(({ stage }) => stage === 'all');
    return [
      models.join(' + '),
      toNumberCell(texts.n),
      toShareCell(texts.exact, texts.n),
      toShareCell(texts.folded, texts.n),
      toShareCell(texts.top3, texts.n),
      toShareCell(texts.chars - texts.charErrors, texts.chars),
      plates ? toShareCell(plates.matched, plates.truth) : '–',
      plates ? toShareCell(plates.matched, plates.reported) : '–',
      time ? toNumberCell(time.p50, 1) : '–',
    ];
  });
  return { head: HEAD, rows };
}

/** The comparison as lines for a terminal. */
export function formatComparison(reports: readonly Report[]): string {
  return reports
    .map(({ models, texts, times }) => {
      const time = times.find(({ stage }) => stage === 'all')?.p50.toFixed(1) ?? '–';
      const exact = formatShare(texts.exact, texts.n);
      const folded = formatShare(texts.folded, texts.n);
      return `${models.join(' + ').padEnd(64)} exact ${exact}, folded ${folded}, three ${formatShare(texts.top3, texts.n)}, ${time} ms\n`;
    })
    .join('');
}
