import { COCO_CLASSES, findMeaning, parseNames } from './class-names.ts';
import { listSizes, type Network, type Proposal, showTensor } from './network.ts';

/** Picture side of an Ultralytics export whose file leaves it open, pixels. */
const USUAL_SIDE = 640;
const STRIDES = [8, 16, 32] as const;
/** Most rows of an export with suppression in the graph: Ultralytics keeps 300. */
const MOST_KEPT = 1000;
const COCO = 80;

type Side = Readonly<{ width: number; height: number; sizes: 'fixed' | 'dynamic' }>;

/** The decoders of detectors that fit a network. */
export function proposeDetectors(network: Network): Proposal[] {
  const { input, outputs } = network;
  const [output] = outputs;
  if (output?.shape.length !== 3 || input.depth !== 3) return [];
  const [batch = -1, rows = -1, columns = -1] = listSizes(output);
  if (batch > 1) return [];
  if (input.type === 'uint8' && input.layout === 'NHWC') return columns === 14 ? [proposeOwn(network)] : [];
  if (input.type !== 'float32' || input.layout !== 'NCHW') return [];
  const facts = { network, side: findSide(network), rows, columns, shown: showTensor(output) };
  const all = [...proposeUltralytics(facts), proposeYolox(facts), proposeYoloFace(facts)];
  return all.filter((proposal) => proposal !== undefined);
}

type Facts = Readonly<{
  network: Network;
  side: Side;
  rows: number;
  columns: number;
  /** The output as a person reads it. */
  shown: string;
}>;

function findSide({ input, facts }: Network): Side {
  if (input.width > 0 && input.height > 0) return { width: input.width, height: input.height, sizes: 'fixed' };
  const [height = USUAL_SIDE, width = height] = (facts.metadata.get('imgsz')?.match(/\d+/g) ?? []).map(Number);
  return { width, height, sizes: 'dynamic' };
}

function proposeOwn({ input, classes }: Network): Proposal {
  return {
    decoder: 'alpr-detect',
    task: 'detect',
    because: 'it takes bytes and gives [1, n, 14] as this project’s detectors do',
    input: { width: input.width > 0 ? input.width : USUAL_SIDE, height: input.height > 0 ? input.height : 384 },
    fields: { classes: classes ?? [] },
    assumed: [],
    ...(!classes && {
      missing:
        'Its file does not name its classes: give them in the network’s order by --classes, for example plate,car,truck,bus,motorcycle',
    }),
  };
}

function proposeUltralytics(facts: Facts): Proposal[] {
  const { network, side, rows, columns, shown } = facts;
  const { metadata } = network.facts;
  const task = metadata.get('task');
  const names = network.classes ?? parseNames(metadata.get('names') ?? '');
  const isKept = [6, 14, 18].includes(columns) && (rows === -1 || rows <= MOST_KEPT);
  if (isKept)
    return [
      describe(facts, {
        decoder: 'yolo11-end-to-end',
        names,
        because: `${shown} is what Ultralytics gives with suppression in the graph`,
      }),
    ];
  const isColumns = rows >= 5 && (columns === -1 || columns === countCells(side) || columns > 4 * rows);
  if (!isColumns) return [];
  const because = names ? `Ultralytics wrote it, with ${names.length} classes` : `${shown} has one candidate a column`;
  const points = listPointRows(metadata).filter((extra) => !names || rows === 4 + names.length + extra);
  const proposals: Proposal[] = [];
  if (task !== 'pose' && (!names || rows === 4 + names.length)) {
    proposals.push(describe(facts, { decoder: 'yolo11-detect', names: names ?? guessNames(rows - 4), because }));
  }
  if (task !== 'detect') {
    for (const extra of points.slice(0, 1)) {
      const count = rows - 4 - extra;
      if (count >= 1)
        proposals.push(describe(facts, { decoder: 'yolo11-pose', names: names ?? guessNames(count), because }));
    }
  }
  return proposals;
}

/** The number of rows that four points take: x and y, or x, y and visibility. */
function listPointRows(metadata: ReadonlyMap<string, string>): number[] {
  const shape = (metadata.get('kpt_shape')?.match(/\d+/g) ?? []).map(Number);
  const [points, values = 0] = shape;
  if (shape.length === 2) return points === 4 ? [4 * values] : [];
  return [8, 12];
}

function proposeYolox(facts: Facts): Proposal | undefined {
  const { network, side, rows, columns, shown } = facts;
  if (columns < 6 || network.facts.metadata.get('task') === 'pose') return undefined;
  const names = network.classes ?? parseNames(network.facts.metadata.get('names') ?? '') ?? guessNames(columns - 5);
  if (side.sizes === 'fixed' ? rows === countCells(side) : rows === -1) {
    const because = `${shown} has one candidate for each cell of the grids of 8, 16 and 32 px`;
    return describe(facts, { decoder: 'yolox', names, because });
  }
  const isNamed = network.facts.metadata.has('names');
  if (side.sizes !== 'fixed' || rows !== 3 * countCells(side) || (isFace(columns) && !isNamed)) return undefined;
  const because = `${shown} has three candidates a cell, as YOLOv5 gives them, decoded`;
  const proposal = describe(facts, { decoder: 'yolox', names, because });
  const input = { channels: 'RGB', scale: 1 / 255, letterbox: { place: 'centre', padding: 114 } };
  return { ...proposal, input: { ...proposal.input, ...input }, fields: { ...proposal.fields, decoded: true } };
}

/** Whether rows can hold a box, four points and one to four classes. */
function isFace(columns: number): boolean {
  return columns >= 14 && columns <= 17;
}

function proposeYoloFace(facts: Facts): Proposal | undefined {
  const { network, side, rows, columns, shown } = facts;
  const count = columns - 13;
  const fitsGrid = side.sizes === 'fixed' ? rows === 3 * countCells(side) : rows === -1;
  if (!fitsGrid || !isFace(columns) || network.facts.metadata.has('names')) return undefined;
  const because = `${shown} has three candidates a cell with box, four points and ${count} classes`;
  const names = network.classes ?? Array.from({ length: count }, () => 'plate');
  const proposal = describe(facts, { decoder: 'yolo-face', names, because });
  if (network.classes || count === 1) return proposal;
  const assumed = [
    ...proposal.assumed,
    `Its ${count} classes are all taken as plates, as those of one and of two lines; say otherwise by --classes.`,
  ];
  return { ...proposal, assumed };
}

type Described = Readonly<{ decoder: string; names: readonly string[] | undefined; because: string }>;

function describe({ side }: Facts, { decoder, names, because }: Described): Proposal {
  const { width, height, sizes } = side;
  const proposal = { decoder, task: 'detect', because, input: { width, height, sizes }, assumed: [] } as const;
  if (!names) {
    const missing =
      'Its file does not name its classes: give them in the network’s order by --classes, for example plate or plate,ignored,car';
    return { ...proposal, fields: {}, missing };
  }
  if (names.length === COCO && findMeaning(names[2] ?? '') === 'car')
    return { ...proposal, fields: { classes: COCO_CLASSES } };
  const classes = names.map(findMeaning);
  if (classes.some((name) => name !== 'ignored')) return { ...proposal, fields: { classes } };
  if (names.length === 1) {
    const assumed = [`Its one class “${names[0]}” is taken as plate.`];
    return { ...proposal, fields: { classes: ['plate'] }, assumed };
  }
  const missing = `None of its classes (${names.slice(0, 8).join(', ')}) is a plate or a vehicle by name: say what they are by --classes, in this order, from plate, car, truck, bus, motorcycle, ignored`;
  return { ...proposal, fields: {}, missing };
}

/** Class names for a file that has none: one class is the plate, eighty are COCO's. */
function guessNames(count: number): readonly string[] | undefined {
  if (count === 1) return ['plate'];
  if (count !== COCO) return undefined;
  const used: Readonly<Record<number, string>> = COCO_CLASSES.used;
  return Array.from({ length: COCO }, (_, index) => used[index] ?? 'ignored');
}

function countCells({ width, height }: Side): number {
  return STRIDES.reduce((sum, stride) => sum + Math.floor(width / stride) * Math.floor(height / stride), 0);
}
