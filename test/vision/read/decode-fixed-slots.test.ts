import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { READER_DEFAULTS } from '../../../src/vision/options/reader.ts';
import { createFixedSlotsDecoder, type FixedSlotsModel } from '../../../src/vision/read/decode-fixed-slots.ts';
import type { Session } from '../../../src/vision/session.ts';
import { openSessionOf } from '../onnx-session.ts';
import { readPlate } from './recorded.ts';

type Golden = Readonly<{ file: string; plate: string; char_probs: number[]; region: string; region_prob: number }>;

const SLOTS = new URL('../../fixtures/readers/slots/', import.meta.url);
let session: Session;
let model: FixedSlotsModel;
let golden: readonly Golden[];

beforeAll(async () => {
  session = await openSessionOf(new URL('model.onnx', SLOTS));
  golden = JSON.parse(await readFile(new URL('golden.json', SLOTS), 'utf8')).plates;
  const config = parse(await readFile(new URL('plate_config.yaml', SLOTS), 'utf8'));
  model = {
    name: 'slots',
    decoder: 'fast-plate-ocr',
    input: {
      name: 'input',
      type: 'uint8',
      layout: 'NHWC',
      channels: 'RGB',
      width: config.img_width,
      height: config.img_height,
      sizes: 'fixed',
      scale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    outputs: [
      { name: 'plate', shape: [-1, 9, 37] },
      { name: 'region', shape: [-1, 9] },
    ],
    crop: { margin_x: 0, margin_y: 0 },
    calibration: { temperature: 1 },
    alphabet: config.alphabet,
    pad_char: config.pad_char,
    slots: config.max_plate_slots,
    keep_aspect_ratio: false,
    padding_color: [114, 114, 114],
    regions: config.plate_regions,
  };
});
afterAll(() => session[Symbol.asyncDispose]());

const quad = (width: number, height: number) =>
  [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ] as const;

describe('createFixedSlotsDecoder', () => {
  it('reads plates, characters and regions as fast-plate-ocr itself does, in one batch', async () => {
    const plates = await Promise.all(golden.map(({ file }) => readPlate(`slots/${file}`)));
    const readings = await createFixedSlotsDecoder({ session, model, options: READER_DEFAULTS }).read(plates);
    for (const [index, { plate, char_probs: expected, region, region_prob: score }] of golden.entries()) {
      const reading = readings[index];
      expect(reading?.text).toBe(plate);
      for (const [at, char] of (reading?.chars ?? []).entries())
        expect(char[0]?.p).toBeCloseTo(expected[at] ?? Number.NaN, 3);
      expect(reading?.region?.code).toBe(region);
      expect(reading?.region?.score).toBeCloseTo(score, 3);
    }
  });

  it('is as sure of a text as of all its slots together', async () => {
    const [first] = golden as [Golden];
    const plate = await readPlate(`slots/${first.file}`);
    const [reading] = await createFixedSlotsDecoder({ session, model, options: READER_DEFAULTS }).read([plate]);
    const product = first.char_probs.reduce((all, p) => all * p, 1);
    expect(reading?.confidence).toBeCloseTo(product, 1);
    expect(reading?.confidence).toBeGreaterThanOrEqual(product - 0.001);
  });

  it('reads without a region where the model names none', async () => {
    const plate = await readPlate(`slots/${golden[0]?.file}`);
    const plain = { ...model, regions: undefined };
    const [reading] = await createFixedSlotsDecoder({ session, model: plain, options: READER_DEFAULTS }).read([plate]);
    expect(reading?.region).toBeUndefined();
  });

  it('stretches plates to the input, or keeps their shape between two even bands', () => {
    const image = { kind: 'rgb24', width: 96, height: 24, data: new Uint8Array(96 * 24 * 3).fill(200) } as const;
    const rectify = (change: Partial<FixedSlotsModel>) =>
      createFixedSlotsDecoder({ session, model: { ...model, ...change }, options: READER_DEFAULTS }).rectify(
        image,
        quad(96, 24),
      );
    expect(new Set(rectify({}).data)).toEqual(new Set([200]));
    const kept = rectify({ keep_aspect_ratio: true, padding_color: [1, 2, 3] });
    // resize_image of fast-plate-ocr gives 12 rows of padding, 24 of the plate and 12 of padding.
    expect([0, 11, 12, 35, 36, 47].map((row) => [...kept.data.subarray(row * 288, row * 288 + 3)])).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [200, 200, 200],
      [200, 200, 200],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });
});
