import type { Quad } from '../box.ts';
import { expandQuad, measureQuad } from '../geometry.ts';
import type { Image, RgbImage } from '../image.ts';
import { type ModelInput, type PerChannel, packPictures } from '../model-input.ts';
import { foldClasses, mapClasses } from './fold-classes.ts';
import { type DecoderParts, type PlateDecoder, takeOutput } from './plate-decoder.ts';
import { readHead } from './read-head.ts';
import type { Reading } from './reading.ts';
import { rectifyToImage } from './rectify.ts';

/** What the decoder needs to know of a fast-plate-ocr network: the fields of `model.json` by their names there. */
export type FixedSlotsModel = Readonly<{
  name: string;
  decoder: 'fast-plate-ocr';
  input: ModelInput;
  outputs: readonly Readonly<{ name: string; shape: readonly number[] }>[];
  crop: Readonly<{ margin_x: number; margin_y: number }>;
  calibration: Readonly<{ temperature: number }>;
  /** The characters in the order of the network's outputs, including the one for empty slots. */
  alphabet: string;
  pad_char: string;
  slots: number;
  keep_aspect_ratio: boolean;
  padding_color: PerChannel;
  /** Codes of the countries in the order of the output `region`. */
  regions?: readonly string[] | undefined;
}>;

/**
 * Decodes fast-plate-ocr: `[N, H, W, C]` → one distribution over the alphabet for each of a fixed number of slots, and where the
 * network has it a `region` (fast_plate_ocr.core.process). Empty slots are left out wherever they stand.
 */
export function createFixedSlotsDecoder({ session, model, options }: DecoderParts<FixedSlotsModel>): PlateDecoder {
  const { name, slots, pad_char: pad } = model;
  const characters = [...model.alphabet];
  const alphabet = [...new Set(characters.filter((char) => char !== pad).map((char) => char.toUpperCase()))].join('');
  const map = mapClasses(characters, alphabet);
  const regions = model.regions ?? [];
  const region = regions.length > 0 ? model.outputs.find((output) => output.name === 'region') : undefined;
  const plate = model.outputs.find((output) => output.name === 'plate') ?? model.outputs[0];
  const temperature = model.calibration.temperature;
  return {
    rectify: (image, corners) => rectifyPlate(image, corners, model),
    async read(plates) {
      const answer = await session.run({ [model.input.name]: packPictures(plates, model.input) });
      const sizes = plate.shape.length === 2 ? [slots * map.length] : [slots, map.length];
      const { data } = takeOutput(answer, { model: name, name: plate.name, dims: [plates.length, ...sizes] });
      const verdicts =
        region && takeOutput(answer, { model: name, name: region.name, dims: [plates.length, regions.length] });
      return plates.map((_, index) => {
        const size = slots * map.length;
        const head = foldClasses(data.subarray(index * size, (index + 1) * size), map, alphabet);
        const { reading } = readHead({ kind: 'slots', head, alphabet, temperature }, options);
        if (!verdicts) return reading;
        const row = verdicts.data.subarray(index * regions.length, (index + 1) * regions.length);
        return { ...reading, region: findRegion(row, regions) };
      });
    },
  };
}

function findRegion(row: Float32Array, regions: readonly string[]): NonNullable<Reading['region']> {
  const best = row.reduce((top, score, at) => (score > row[top] ? at : top), 0);
  return { code: regions[best], score: row[best] };
}

/** The plate stretched to the input, or where the network was trained so, fitted into it with an even colour around. */
function rectifyPlate(image: Image, corners: Quad, model: FixedSlotsModel): RgbImage {
  const { input, crop } = model;
  const quad = expandQuad(corners, crop.margin_x, crop.margin_y);
  if (!model.keep_aspect_ratio) return rectifyToImage(image, quad, input);
  const { width, height } = measureQuad(quad);
  const scale = Math.min(input.width / Math.max(1, width), input.height / Math.max(1, height));
  const size = {
    width: Math.max(1, Math.min(input.width, Math.round(width * scale))),
    height: Math.max(1, Math.min(input.height, Math.round(height * scale))),
  };
  return placeCentred(rectifyToImage(image, quad, size), model);
}

function placeCentred({ data, width, height }: RgbImage, { input, padding_color: colour }: FixedSlotsModel): RgbImage {
  const placed = Uint8Array.from({ length: input.width * input.height * 3 }, (_, at) => colour[at % 3]);
  const left = (input.width - width) >> 1;
  const top = (input.height - height) >> 1;
  for (let y = 0; y < height; y += 1)
    placed.set(data.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * input.width + left) * 3);
  return { kind: 'rgb24', width: input.width, height: input.height, data: placed };
}
