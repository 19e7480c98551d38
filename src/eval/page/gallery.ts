import { encodeJpeg } from '../../base/jpeg.ts';
import { decodePicture } from '../../camera/pictures.ts';
import type { Quad } from '../../vision/box.ts';
import { cropImage, growBox } from '../../vision/crop.ts';
import type { RgbImage } from '../../vision/image.ts';
import { alignTexts } from '../align-texts.ts';
import type { TextRecord } from '../records.ts';
import { isExact } from '../score-texts.ts';
import { escapeHtml, renderNote, renderSection } from './html.ts';

const MOST_FAILURES = 300;
const MOST_EXTREMES = 24;
const QUALITY = 80;

/** What went wrong, most confident first, then the surest errors and the least sure right texts, each with its picture. */
export async function renderGallery(texts: readonly TextRecord[]): Promise<string> {
  const wrong = texts.filter((record) => !isExact(record)).sort((a, b) => b.confidence - a.confidence);
  const unsure = texts.filter(isExact).sort((a, b) => a.confidence - b.confidence);
  const left = wrong.length > MOST_FAILURES ? ` The first ${MOST_FAILURES} are shown.` : '';
  const surest = wrong.filter(({ text }) => text !== '').slice(0, MOST_EXTREMES);
  return [
    renderSection('The surest errors', await renderCards(surest)),
    renderSection('The least sure right texts', await renderCards(unsure.slice(0, MOST_EXTREMES))),
    renderSection(
      'All errors',
      renderNote(`${wrong.length} of ${texts.length} texts, the surest first.${left}`),
      await renderCards(wrong.slice(0, MOST_FAILURES)),
    ),
  ].join('\n');
}

async function renderCards(records: readonly TextRecord[]): Promise<string> {
  if (records.length === 0) return '';
  const cards: string[] = [];
  for (const record of records) cards.push(await renderCard(record));
  return `<div class="cards">${cards.join('\n')}</div>`;
}

async function renderCard(record: TextRecord): Promise<string> {
  const picture = await cutPicture(record);
  const shown = picture
    ? `<img loading="lazy" alt="plate ${escapeHtml(record.truth)}" src="data:image/jpeg;base64,${(await encodeJpeg(picture, QUALITY)).toString('base64')}">`
    : '<div class="none">no plate found</div>';
  const others = record.candidates.slice(0, 4).map(({ text, p }) => `${escapeHtml(text)} ${(100 * p).toFixed(1)} %`);
  const about = [record.region, record.lines === 2 ? 'two lines' : '', `${record.charHeight.toFixed(0)} px`];
  return `<article class="card">${shown}${renderTexts(record)}${renderBars(record)}
<div class="small">${others.join(' · ')}</div><div class="small">${about.filter(Boolean).map(escapeHtml).join(', ')} — ${escapeHtml(record.name)}</div></article>`;
}

function renderTexts(record: TextRecord): string {
  const pairs = alignTexts(record.truth, record.text);
  const spell = (side: 'truth' | 'read') =>
    pairs
      .map((pair) => {
        if (pair.truth === pair.read) return escapeHtml(pair[side]);
        return pair[side] === '' ? '<mark class="gap">·</mark>' : `<mark>${escapeHtml(pair[side])}</mark>`;
      })
      .join('');
  const sure = `${(100 * record.confidence).toFixed(1)} %`;
  return `<div class="texts"><span><i>truth</i>${spell('truth')}</span><span><i>read</i>${spell('read')} <i>${sure}</i></span></div>`;
}

/** A bar for each character read, as high as its probability, red where it is wrong. */
function renderBars({ truth, text, chars }: TextRecord): string {
  if (chars.length !== [...text].length) return '';
  const read = alignTexts(truth, text).filter((pair) => pair.read !== '');
  const bars = read.map((pair, at) => {
    const p = chars[at]?.find(({ char }) => char === pair.read)?.p ?? 0;
    const others = (chars[at] ?? []).map((entry) => `${entry.char || '∅'} ${(100 * entry.p).toFixed(1)} %`).join(', ');
    const off = pair.truth === pair.read ? '' : ' class="off"';
    return `<div${off} style="--p:${p.toFixed(3)}" title="${escapeHtml(others)}">${escapeHtml(pair.read)}</div>`;
  });
  return `<div class="bars">${bars.join('')}</div>`;
}

/** The plate with some of its surroundings; a crop as a whole where nothing says where the plate lies. */
async function cutPicture({ crop, path, corners }: TextRecord): Promise<RgbImage | undefined> {
  if (crop) return crop;
  if (!corners) return undefined;
  const image = await decodePicture(path);
  return cropImage(image, growBox(surround(corners), { left: 0.12, right: 0.12, up: 0.3, down: 0.3 }));
}

function surround(corners: Quad) {
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}
