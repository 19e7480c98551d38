import { AlprError } from '../../base/errors.ts';
import type { Manifest } from '../manifest.ts';
import { type Network, type Proposal, showTensor } from './network.ts';
import { proposeDetectors } from './propose-detectors.ts';
import { proposeReaders } from './propose-readers.ts';

/** Every decoder of a detector or reader with the network it takes, in words for people. */
const DECODERS: Readonly<Record<Exclude<Manifest['decoder'], 'alpr-words'>, string>> = {
  'alpr-detect': 'this project’s detector: uint8 [1, h, w, 3] → [1, n, 14]',
  'yolo11-detect': 'Ultralytics YOLOv8, YOLO11, detect: [1, 3, h, w] → [1, 4 + classes, n]',
  'yolo11-pose': 'the same, pose with four corners: [1, 3, h, w] → [1, 4 + classes + 8 or 12, n]',
  'yolo11-end-to-end': 'the same with suppression in the graph: [1, 3, h, w] → [1, n, 6, 14 or 18]',
  yolox: 'YOLOX: [1, 3, h, w] → [1, cells, 5 + classes]',
  'yolo-face': 'YOLOv5-face with four corners: [1, 3, h, w] → [1, 3 × cells, 13 + classes]',
  'alpr-read': 'this project’s reader: uint8 [n, 64, 128, 3] → slots and ctc',
  paddleocr: 'PaddleOCR recognition: [n, 3, 48, w] → [n, steps, 1 + dictionary (+ 1)]',
  'fast-plate-ocr': 'fast-plate-ocr: [n, h, w, 1 or 3] → [n, slots, characters], optional region',
};

/** Tasks of Ultralytics for which there is no decoder here. */
const OTHER_TASKS = ['segment', 'classify', 'obb'];

/**
 * The decoder for a network: the requested one, or the only one that fits. MODEL_INVALID when none fits or something is
 * missing, INPUT_INVALID with the choice when several fit.
 */
export function chooseProposal(network: Network, decoder: string | undefined, path: string): Proposal {
  const proposals = [...proposeReaders(network), ...proposeDetectors(network)];
  const shown = showNetwork(network, path);
  if (decoder !== undefined) return takeAsked(proposals, decoder, shown);
  const task = network.facts.metadata.get('task') ?? '';
  if (OTHER_TASKS.includes(task)) {
    throw new AlprError(
      'MODEL_INVALID',
      `${path} is an Ultralytics network for ${task}; expected one for detect or pose.`,
    );
  }
  const complete = proposals.filter(({ missing }) => missing === undefined);
  const [only] = complete;
  if (only && complete.length === 1) return only;
  if (complete.length > 1) {
    const choice = complete.map(({ decoder: name, because }) => `\n  --decoder ${name}: ${because}`).join('');
    throw new AlprError(
      'INPUT_INVALID',
      `${shown} It can be understood in ${complete.length} ways; say which:${choice}`,
    );
  }
  const [nearest] = proposals;
  if (nearest) throw new AlprError('MODEL_INVALID', `${shown} ${nearest.missing}.`);
  throw new AlprError('MODEL_INVALID', `${shown} No decoder reads that; there are:${listDecoders()}`);
}

function takeAsked(proposals: readonly Proposal[], decoder: string, shown: string): Proposal {
  const asked = proposals.find((proposal) => proposal.decoder === decoder);
  if (asked && asked.missing === undefined) return asked;
  if (asked) throw new AlprError('MODEL_INVALID', `${shown} ${asked.missing}.`);
  const expected = Object.entries(DECODERS).find(([name]) => name === decoder)?.[1];
  if (!expected) throw new AlprError('INPUT_INVALID', `There is no decoder "${decoder}"; there are:${listDecoders()}`);
  throw new AlprError('MODEL_INVALID', `${shown} That does not fit the decoder ${decoder}, ${expected}.`);
}

function showNetwork({ input, outputs }: Network, path: string): string {
  const { name, type, layout, batch, depth, height, width } = input;
  const shape = layout === 'NCHW' ? [batch, depth, height, width] : [batch, height, width, depth];
  return `${path} takes ${showTensor({ name, type, shape })} and gives ${outputs.map(showTensor).join(', ')}.`;
}

function listDecoders(): string {
  return Object.entries(DECODERS)
    .map(([name, what]) => `\n  ${name.padEnd(18)} ${what}`)
    .join('');
}
