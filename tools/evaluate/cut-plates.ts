import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/app/config.ts';
import { openVision, type Vision } from '../../src/app/open-vision.ts';
import { createLog } from '../../src/base/log.ts';
import { cropImage } from '../../src/vision/crop.ts';
import { measureIou } from '../../src/vision/geometry.ts';
import { formatTable } from './format-page.ts';
import { type Shown, showPlates } from './made/show-plates.ts';

const HELP = `node tools/evaluate/cut-plates.ts [options]: what is said of plates that the edge of the picture cuts

  --plates N    rendered plates (default 34), each cut at four edges by five shares
  --seed N      seed of the simulated road (default 5)
`;

/** Shares of a plate's width (left, right) or height (top, bottom) that the edge of the picture takes; 0 touches it. */
const SHARES = [-0.5, 0, 0.1, 0.2, 0.3, 0.4] as const;
const EDGES = ['left', 'right', 'top', 'bottom'] as const;

type Edge = (typeof EDGES)[number];

/** What was said of one cut plate; `text` is empty where nothing was read. */
export type CutCase = Readonly<{
  edge: Edge;
  share: number;
  truth: string;
  text: string;
  confidence: number;
  complete: boolean;
  /** Distance of the detector's box from the edge, in heights of the box. */
  away: number;
}>;

/** Plates of the simulated road in large pictures, each cut at each edge, read by the configured networks. */
export async function readCutPlates(vision: Vision, { plates, seed }: Readonly<{ plates: number; seed: number }>) {
  const cases: CutCase[] = [];
  for (const shown of await showPlates(vision, { plates, seed })) {
    for (const edge of EDGES) for (const share of SHARES) cases.push(await readCut(vision, shown, edge, share));
  }
  return cases;
}

async function readCut(
  vision: Vision,
  { text: truth, image, box }: Shown,
  edge: Edge,
  share: number,
): Promise<CutCase> {
  const [width, height] = [share * (box.x1 - box.x0), share * (box.y1 - box.y0)];
  const kept = { x0: 0, y0: 0, x1: image.width, y1: image.height };
  if (edge === 'left') kept.x0 = Math.round(box.x0 + width);
  if (edge === 'right') kept.x1 = Math.round(box.x1 - width);
  if (edge === 'top') kept.y0 = Math.round(box.y0 + height);
  if (edge === 'bottom') kept.y1 = Math.round(box.y1 - height);
  const cut = cropImage(image, kept);
  const left = {
    x0: Math.max(0, box.x0 - kept.x0),
    y0: Math.max(0, box.y0 - kept.y0),
    x1: Math.min(cut.width, box.x1 - kept.x0),
    y1: Math.min(cut.height, box.y1 - kept.y0),
  };
  const found = (await vision.recognise(cut)).find(({ detection }) => measureIou(detection.box, left) > 0.2);
  if (!found) return { edge, share, truth, text: '', confidence: 0, complete: false, away: Infinity };
  const { box: at } = found.detection;
  const gaps = { left: at.x0, right: cut.width - at.x1, top: at.y0, bottom: cut.height - at.y1 };
  const { text, confidence } = found.reading;
  return {
    edge,
    share,
    truth,
    text,
    confidence,
    complete: found.reading.complete ?? true,
    away: gaps[edge] / (at.y1 - at.y0),
  };
}

/** For each share: how many were read right and wrong, how surely, and how far the detector's boxes are from the edge. */
export function describeCutPlates(cases: readonly CutCase[]): string {
  const rows = SHARES.flatMap((share) =>
    ['left or right', 'top or bottom'].map((edges) => describe(cases, share, edges)),
  );
  return formatTable(
    ['cut away', 'edge', 'n', 'read', 'right', 'wrong at ≥ 0.9', 'said to be cut', 'right of these', 'away, p95'],
    rows,
  );
}

function describe(cases: readonly CutCase[], share: number, edges: string): string[] {
  const some = cases.filter((one) => one.share === share && edges.includes(one.edge));
  const read = some.filter(({ text }) => text !== '');
  const isRight = ({ text, truth }: CutCase) => text === truth;
  const cut = read.filter(({ complete }) => !complete);
  const away = read.map((one) => one.away).toSorted((a, b) => a - b);
  const counts = [
    some,
    read,
    read.filter(isRight),
    read.filter((one) => !isRight(one) && one.confidence >= 0.9),
    cut,
    cut.filter(isRight),
  ];
  const p95 = away[Math.floor(0.95 * away.length)]?.toFixed(2) ?? '';
  return [
    share < 0 ? 'none, half a plate away' : share === 0 ? 'none, at the edge' : `${100 * share} %`,
    edges,
    ...counts.map(({ length }) => String(length)),
    p95,
  ];
}

if (import.meta.main) await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      plates: { type: 'string', default: '34' },
      seed: { type: 'string', default: '5' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const config = loadConfig({ environment: {}, settings: [] });
  await using vision = await openVision(config, createLog({ ...config.log, level: 'warn' }));
  const cases = await readCutPlates(vision, { plates: Number(values.plates), seed: Number(values.seed) });
  process.stdout.write(`${describeCutPlates(cases)}\n`);
}
