import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder } from '../../base/make-folder.ts';
import type { Measured } from '../measured.ts';
import type { Report } from '../report.ts';
import { drawReliability, drawRisk } from './charts.ts';
import { renderGallery } from './gallery.ts';
import { drawConfusions } from './heat-map.ts';
import { type Cell, escapeHtml, renderNote, renderSection, renderTable } from './html.ts';
import { SCRIPT, STYLE } from './style.ts';
import { renderBoxes, renderClips, renderConfusions, renderFigures, renderGroups, renderTimes } from './tables.ts';

const PERSONAL =
  'The pictures on this page show number plates: personal data in many countries. Keep the file where the photographs themselves may be kept, and delete it with them.';

/** One row of the comparison of models: its name, and a figure for each column. */
export type Comparison = Readonly<{ head: readonly string[]; rows: readonly (readonly Cell[])[] }>;

type Page = Readonly<{ folder: string; report: Report; measured: Measured; comparison?: Comparison | undefined }>;

/** Writes `index.html` into a folder, everything within it, pictures included; gives its path. */
export async function writePage({ folder, report, measured, comparison }: Page): Promise<string> {
  await makeFolder(folder);
  const path = join(folder, 'index.html');
  const title = `Evaluation of ${basename(report.folder)}`;
  const sections = [
    renderFigures(report),
    comparison ? renderSection('Beside other models', renderTable(comparison.head, comparison.rows)) : '',
    renderSection('Plates and vehicles found', renderBoxes(report)),
    renderSection('Passages', renderClips(report)),
    renderSection('Confidence', renderConfidence(report)),
    renderSection('By lines', renderGroups('lines', report.lines)),
    renderSection('By height of the characters', renderGroups('height', report.heights)),
    renderSection('By region', renderGroups('region', report.regions)),
    renderSection('Confused characters', drawConfusions(report.confusions), renderConfusions(report)),
    renderSection('Time', renderTimes(report)),
    renderFailures(report),
    await renderGallery(measured.texts),
  ];
  await writeFile(
    path,
    `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1><p>${escapeHtml(report.models.join(', '))} — ${report.pictures} files, ${new Date().toISOString().slice(0, 10)}</p>
<p class="warn">${PERSONAL}</p>
${sections.filter(Boolean).join('\n')}
<script>${SCRIPT}</script></body></html>
`,
  );
  return path;
}

function renderConfidence({ confidence }: Report): string {
  if (!confidence) return '';
  const { eceEqualMass, eceEqualWidth, brier, n } = confidence;
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const note = `Calibration error over ${n} texts: ${percent(eceEqualMass)} in ten bins of equal mass, ${percent(eceEqualWidth)} in ten of equal width; Brier score ${brier.toFixed(4)}.`;
  const charts = [
    drawReliability(confidence.equalMass, 'Reliability, equal mass'),
    drawReliability(confidence.equalWidth, 'Reliability, equal width'),
    drawRisk(confidence.risk),
  ];
  return `${renderNote(note)}<div class="charts">${charts.join('')}</div>`;
}

function renderFailures({ failures }: Report): string {
  if (failures.length === 0) return '';
  return renderSection(
    'Files that could not be read',
    renderTable(
      ['file', 'why'],
      failures.map(({ name, why }) => [name, why]),
    ),
  );
}
