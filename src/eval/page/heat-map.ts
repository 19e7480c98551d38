import type { Confusion } from '../confusion.ts';
import { escapeHtml } from './html.ts';

const CELL = 16;
const LABEL = 22;

/** Which character was read as which: rows are the truth, columns what was read, the last of each stands for no character. */
export function drawConfusions(confusions: readonly Confusion[]): string {
  const wrong = confusions.filter(({ truth, read }) => truth !== read);
  if (wrong.length === 0) return '';
  const chars = [...new Set(confusions.flatMap(({ truth, read }) => [truth, read]))]
    .filter((char) => char !== '')
    .sort();
  const order = [...chars, ''];
  const place = new Map(order.map((char, at) => [char, LABEL + at * CELL]));
  const most = Math.max(...wrong.map(({ count }) => count));
  const cells = confusions.map(({ truth, read, count }) => {
    const right = truth === read;
    const strength = right ? 0.12 : 0.25 + 0.75 * Math.sqrt(count / most);
    const tip = `${name(truth)} read as ${name(read)}: ${count}`;
    return `<rect x="${place.get(read)}" y="${place.get(truth)}" width="${CELL}" height="${CELL}" fill="var(--${right ? 'good' : 'bad'})" opacity="${strength.toFixed(2)}"><title>${escapeHtml(tip)}</title></rect>`;
  });
  const labels = order.map((char) => {
    const at = (place.get(char) ?? 0) + CELL / 2;
    const shown = escapeHtml(char || '∅');
    return `<text x="${at}" y="${LABEL - 6}" text-anchor="middle">${shown}</text><text x="${LABEL - 6}" y="${at + 4}" text-anchor="end">${shown}</text>`;
  });
  const size = LABEL + order.length * CELL + 4;
  return `<div class="heat"><svg viewBox="0 0 ${size} ${size}" role="img" aria-label="Confusion of characters">${cells.join('')}${labels.join('')}</svg></div>`;
}

function name(char: string): string {
  return char === '' ? 'nothing' : char;
}
