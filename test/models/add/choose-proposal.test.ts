import { describe, expect, test } from 'vitest';
import { chooseProposal } from '../../../src/models/add/choose-proposal.ts';
import type { Network } from '../../../src/models/add/network.ts';
import type { PlateConfig } from '../../../src/models/add/plate-config.ts';
import { describeNetwork } from './network-shapes.ts';

const ULTRALYTICS = { task: 'detect', stride: '32', names: "{0: 'License_Plate', 1: 'car', 2: \"driver's face\"}" };
const COCO_NAMES = `{${Array.from({ length: 80 }, (_, at) => `${at}: '${at === 2 ? 'car' : `thing ${at}`}'`).join(', ')}}`;
const DICTIONARY = Array.from({ length: 95 }, (_, at) => String.fromCharCode(33 + at));
const CONFIG: PlateConfig = {
  max_plate_slots: 9,
  alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_',
  pad_char: '_',
  img_height: 64,
  img_width: 128,
  keep_aspect_ratio: true,
  image_color_mode: 'rgb',
  padding_color: 114,
  plate_regions: ['Germany', 'Czech Republic', 'Atlantis'],
};

const square = [1, 3, 640, 640] as const;

describe('chooseProposal', () => {
  test.for<[string, Network, object]>([
    [
      'a YOLO11 export by the names in it',
      describeNetwork(square, { output0: [1, 7, 8400] }, { metadata: ULTRALYTICS }),
      {
        decoder: 'yolo11-detect',
        input: { width: 640, height: 640, sizes: 'fixed' },
        fields: { classes: ['plate', 'car', 'ignored'] },
      },
    ],
    [
      'a YOLO11 export of COCO',
      describeNetwork(square, { output0: [1, 84, 8400] }, { metadata: { task: 'detect', names: COCO_NAMES } }),
      { decoder: 'yolo11-detect', fields: { classes: { count: 80 } } },
    ],
    [
      'a YOLO11 export of open sizes, which its file names',
      describeNetwork(
        ['batch', 3, 'height', 'width'],
        { output0: ['batch', 5, 'anchors'] },
        { metadata: { task: 'detect', names: "{0: 'plate'}", imgsz: '[384, 640]' } },
      ),
      { decoder: 'yolo11-detect', input: { width: 640, height: 384, sizes: 'dynamic' } },
    ],
    [
      'a YOLO11 pose export with four points',
      describeNetwork(
        square,
        { output0: [1, 17, 8400] },
        { metadata: { task: 'pose', names: "{0: 'plate'}", kpt_shape: '[4, 3]' } },
      ),
      { decoder: 'yolo11-pose', fields: { classes: ['plate'] } },
    ],
    [
      'an export with suppression in the graph',
      describeNetwork(square, { output0: [1, 300, 6] }, { metadata: { task: 'detect', names: "{0: 'plate'}" } }),
      { decoder: 'yolo11-end-to-end', fields: { classes: ['plate'] } },
    ],
    [
      'YOLOX-nano of COCO by its 3549 cells at 416 px',
      describeNetwork([1, 3, 416, 416], { output: [1, 3549, 85] }),
      { decoder: 'yolox' },
    ],
    [
      'YOLOX at 640 px by its 8400 cells',
      describeNetwork(square, { output: [1, 8400, 85] }),
      { decoder: 'yolox', input: { width: 640, height: 640 } },
    ],
    [
      'YOLOv5 of COCO, which is decoded and takes RGB from 0 to 1',
      describeNetwork(square, { output: [1, 25200, 85] }),
      { decoder: 'yolox', input: { channels: 'RGB', scale: 1 / 255 }, fields: { decoded: true } },
    ],
    [
      'the plate detector of HyperLPR by its 15 columns',
      describeNetwork([1, 3, 320, 320], { output: [1, 6300, 15] }),
      { decoder: 'yolo-face', fields: { classes: ['plate', 'plate'] } },
    ],
    [
      'PP-OCRv4 by the dictionary in its file',
      describeNetwork(
        ['n', 3, '?', 'w'],
        { softmax: ['n', 't', 97] },
        { metadata: { character: DICTIONARY.join('\n') }, dictionary: DICTIONARY },
      ),
      {
        decoder: 'paddleocr',
        input: { width: 320, height: 48, sizes: 'dynamic' },
        fields: { use_space_char: true, dictionary: { file: 'dictionary.txt' } },
      },
    ],
    [
      'PaddleOCR without a space, of one size, by a dictionary that the user gives',
      describeNetwork([1, 3, 48, 320], { out: [1, 40, 96] }, { dictionary: DICTIONARY }),
      {
        decoder: 'paddleocr',
        input: { width: 320, height: 48, sizes: 'fixed' },
        fields: { use_space_char: false, max_batch: 1 },
      },
    ],
    [
      'fast-plate-ocr by its usual alphabet',
      describeNetwork(['n', 70, 140, 1], { concatenate: ['n', 9, 37] }, { type: 'uint8' }),
      { decoder: 'fast-plate-ocr', input: { channels: 'GRAY', width: 140, height: 70 }, fields: { slots: 9 } },
    ],
    [
      'fast-plate-ocr whose slots come in one row',
      describeNetwork(['n', 70, 140, 1], { concatenate: ['n', 333] }, { type: 'uint8' }),
      { decoder: 'fast-plate-ocr', fields: { slots: 9 } },
    ],
    [
      'fast-plate-ocr with regions by its configuration',
      describeNetwork(
        ['n', 64, 128, 3],
        { plate: ['n', 9, 37], region: ['n', 3] },
        { type: 'uint8', plateConfig: CONFIG },
      ),
      {
        decoder: 'fast-plate-ocr',
        fields: { keep_aspect_ratio: true, pad_char: '_', regions: ['de', 'cz', 'Atlantis'] },
      },
    ],
    [
      'a reader of this project by its two heads',
      describeNetwork(['n', 64, 128, 3], { slots: ['n', 10, 37], ctc: ['n', 64, 37] }, { type: 'uint8' }),
      { decoder: 'alpr-read', input: { width: 128, height: 64 } },
    ],
  ])('recognises %s', ([, network, expected]) => {
    expect(chooseProposal(network, undefined, 'x.onnx')).toMatchObject(expected);
  });

  test('asks for the decoder where shapes alone allow two, and takes the answer', () => {
    const network = describeNetwork(square, { output0: [1, 13, 8400] }, { classes: undefined });
    const ask = () => chooseProposal({ ...network, classes: ['plate'] }, undefined, 'x.onnx');
    expect(ask().decoder).toBe('yolo11-pose');
    const both = describeNetwork(
      [1, 64, 128, 3],
      { slots: [1, 10, 37], ctc: [1, 64, 37], plate: [1, 10, 37] },
      { type: 'uint8' },
    );
    expect(chooseProposal(both, 'alpr-read', 'x.onnx').decoder).toBe('alpr-read');
  });

  test.for<[string, Network, string | undefined, RegExp]>([
    [
      'a recogniser without its dictionary',
      describeNetwork(['n', 3, 48, 'w'], { softmax: ['n', 't', 6625] }),
      undefined,
      /takes images float32 \[n, 3, 48, \?\] and gives softmax float32 \[n, \?, 6625\]\. The network tells 6,625 classes apart.*--dictionary FILE/,
    ],
    [
      'the dictionary of another recogniser',
      describeNetwork(['n', 3, 48, 'w'], { softmax: ['n', 't', 6625] }, { dictionary: DICTIONARY }),
      undefined,
      /The dictionary has 95 characters, which makes 96 classes.*the network has 6,625/,
    ],
    [
      'slots of another alphabet',
      describeNetwork(['n', 64, 128, 3], { plate: ['n', 9, 41] }, { type: 'uint8' }),
      undefined,
      /Its alphabet is not the usual one of 37.*--dictionary FILE\.yaml/,
    ],
    [
      'a configuration that belongs to other slots',
      describeNetwork(['n', 64, 128, 3], { plate: ['n', 10, 37] }, { type: 'uint8', plateConfig: CONFIG }),
      undefined,
      /says 9 slots of 37 characters, but the network gives plate float32 \[n, 10, 37\]/,
    ],
    [
      'a detector of unknown classes',
      describeNetwork(square, { output0: [1, 9, 8400] }),
      undefined,
      /does not name its classes.*--classes/,
    ],
    [
      'classes that are no plates',
      describeNetwork(
        square,
        { output0: [1, 6, 8400] },
        { metadata: { task: 'detect', names: "{0: 'cat', 1: 'dog'}" } },
      ),
      undefined,
      /None of its classes \(cat, dog\) is a plate or a vehicle/,
    ],
    [
      'a segmentation network',
      describeNetwork(
        square,
        { output0: [1, 37, 8400], output1: [1, 32, 160, 160] },
        { metadata: { task: 'segment' } },
      ),
      undefined,
      /Ultralytics network for segment; expected one for detect or pose/,
    ],
    [
      'a classifier',
      describeNetwork([1, 3, 224, 224], { logits: [1, 1000] }),
      undefined,
      /No decoder reads that; there are:\n {2}alpr-detect/,
    ],
    [
      'a decoder that does not fit',
      describeNetwork(square, { output: [1, 8400, 85] }),
      'paddleocr',
      /That does not fit the decoder paddleocr, PaddleOCR recognition/,
    ],
    [
      'a decoder that there is not',
      describeNetwork(square, { output: [1, 8400, 85] }),
      'yolo99',
      /There is no decoder "yolo99"/,
    ],
  ])('refuses %s in a sentence', ([, network, decoder, message]) => {
    expect(() => chooseProposal(network, decoder, 'x.onnx')).toThrow(message);
  });
});

describe('findPictureInput', () => {
  test.for<[string, Parameters<typeof describeNetwork>, RegExp]>([
    [
      'half precision',
      [[1, 3, 640, 640], {}, { type: 'float16' }],
      /float32 or uint8: export the network without half precision/,
    ],
    ['another rank', [[1, 1000], {}], /expected pictures/],
    ['five channels', [[1, 5, 64, 64], {}], /expected pictures/],
  ])('refuses %s', ([, network, message]) => {
    expect(() => describeNetwork(...network)).toThrow(message);
  });
});
