import type { Report } from '../report.ts';
import type { ScoredGroup } from '../score-texts.ts';
import { type Cell, renderTable, toNumberCell, toShareCell } from './html.ts';

/** The figures one looks at first, as tiles. */
export function renderFigures({ texts, boxes, confidence, clips, times }: Report): string {
  const share = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
  const tiles: [string, string][] = [];
  if (texts.n > 0) {
    tiles.push([`exactly right of ${texts.n}`, share(texts.exact, texts.n)]);
    tiles.push(['with O = 0 and I = 1', share(texts.folded, texts.n)], ['among three', share(texts.top3, texts.n)]);
    tiles.push(['of characters', share(texts.chars - texts.charErrors, texts.chars)]);
  }
  const plates = boxes.find(({ class: name, iou }) => name === 'plate' && iou === 0.5);
  if (plates) tiles.push(['plates found', share(plates.matched, plates.truth)]);
  if (clips) tiles.push([`of ${clips.passages} passages right`, String(clips.right)]);
  if (confidence) tiles.push(['calibration error', `${(100 * confidence.eceEqualMass).toFixed(1)} %`]);
  const all = times.find(({ stage }) => stage === 'all');
  if (all) tiles.push(['a picture, median', `${all.p50.toFixed(1)} ms`]);
  return `<div class="figures">${tiles.map(([what, value]) => `<div><b>${value}</b>${what}</div>`).join('')}</div>`;
}

/** Right texts of each group. */
export function renderGroups(name: string, groups: readonly ScoredGroup[]): string {
  if (groups.length === 0) return '';
  const rows = groups.map(({ group, score }): Cell[] => [
    group,
    toNumberCell(score.n),
    toShareCell(score.exact, score.n),
    toShareCell(score.folded, score.n),
    toShareCell(score.top3, score.n),
    toShareCell(score.chars - score.charErrors, score.chars),
  ]);
  return renderTable([name, 'n', 'exact', 'O=0, I=1', 'among three', 'characters'], rows);
}

/** How boxes were found, by class and overlap. */
export function renderBoxes({ boxes, corners }: Report): string {
  if (boxes.length === 0) return '';
  const rows = boxes.map(({ class: name, iou, truth, matched, reported, averagePrecision }): Cell[] => [
    name,
    toNumberCell(iou, 1),
    toNumberCell(truth),
    toShareCell(matched, truth),
    toShareCell(matched, reported),
    toShareCell(averagePrecision, 1),
  ]);
  const table = renderTable(['class', 'IoU', 'labelled', 'recall', 'precision', 'AP'], rows);
  if (!corners) return table;
  const width = (100 * corners.shareOfWidth).toFixed(1);
  return `${table}<p>Corner error: ${corners.px.toFixed(1)} px, ${width} % of the width, over ${corners.n} plates.</p>`;
}

/** Milliseconds by stage. */
export function renderTimes({ times, coresUsed }: Report): string {
  if (times.length === 0) return '';
  const rows = times.map(({ stage, mean, p50, p95 }): Cell[] => [
    stage,
    toNumberCell(mean, 2),
    toNumberCell(p50, 2),
    toNumberCell(p95, 2),
  ]);
  const note = `<p class="note">Decoding of files left out. ${coresUsed.toFixed(2)} cores were used on average.</p>`;
  return renderTable(['stage', 'mean ms', 'p50 ms', 'p95 ms'], rows) + note;
}

/** The commonest wrong pairs as a table. */
export function renderConfusions({ confusions }: Report): string {
  const wrong = confusions.filter(({ truth, read }) => truth !== read);
  const rows = wrong
    .slice(0, 60)
    .map(({ truth, read, count }): Cell[] => [
      truth || 'nothing (inserted)',
      read || 'nothing (left out)',
      toNumberCell(count),
    ]);
  return rows.length === 0 ? '' : renderTable(['truth', 'read as', 'times'], rows);
}

/** Passages of each clip. */
export function renderClips({ clips }: Report): string {
  if (!clips) return '';
  const { passages, right, doubled, missed, strayEvents, clipsWithoutPlates, falseEvents } = clips;
  const head = [
    'passages',
    'one right event',
    'doubled',
    'missed',
    'other events',
    'clips without plates',
    'false events',
  ];
  const row = [passages, right, doubled, missed, strayEvents, clipsWithoutPlates, falseEvents];
  return renderTable(head, [row.map((value) => toNumberCell(value))]);
}
