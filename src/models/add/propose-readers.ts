import { listSizes, type Network, type Proposal, showTensor } from './network.ts';
import { nameRegions } from './plate-config.ts';

/** The alphabet of this project's readers. */
const OWN_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** The alphabet of all networks that fast-plate-ocr publishes. */
const SLOTS_ALPHABET = `${OWN_ALPHABET}_`;

/** Height of a line of text, pixels; the width grows with the text. */
const LINE_HEIGHT = 48;
const LINE_WIDTH = 320;
/** Fewest classes of a dictionary: ten digits and the blank. */
const FEWEST_CLASSES = 11;
const MOST_SLOTS = 24;

/** The decoders of readers that fit a network. */
export function proposeReaders(network: Network): Proposal[] {
  return [proposeOwn(network), proposePaddleOcr(network), proposeFixedSlots(network)].filter(
    (proposal) => proposal !== undefined,
  );
}

function proposeOwn({ input, outputs }: Network): Proposal | undefined {
  const heads = ['slots', 'ctc'].map((name) => outputs.find((output) => output.name === name));
  const classes = heads.map((head) => (head ? listSizes(head).at(-1) : undefined));
  if (input.type !== 'uint8' || classes.some((count) => count !== OWN_ALPHABET.length + 1)) return undefined;
  return {
    decoder: 'alpr-read',
    task: 'read',
    because: 'it has the outputs slots and ctc of this project’s readers',
    input: { width: input.width, height: input.height },
    fields: { alphabet: OWN_ALPHABET, crop: { margin_x: 0.03, margin_y: 0.05 } },
    assumed: [
      'The margins of the crop are those of alpr-read 0.2.0; write crop.margin_x and margin_y if it was trained with others.',
    ],
  };
}

function proposePaddleOcr({ input, outputs, facts, dictionary }: Network): Proposal | undefined {
  const [output] = outputs;
  const [, , classes = -1] = output ? listSizes(output) : [];
  const isLine = input.height === -1 || (input.height >= 24 && input.height <= 64);
  if (!output || outputs.length > 1 || output.shape.length !== 3 || classes < FEWEST_CLASSES) return undefined;
  if (input.type !== 'float32' || input.layout !== 'NCHW' || input.depth !== 3 || !isLine) return undefined;
  const proposal = {
    decoder: 'paddleocr',
    task: 'read',
    because: facts.metadata.has('character')
      ? `its file lists ${facts.metadata.get('character')?.split('\n').length.toLocaleString('en')} characters`
      : `${showTensor(output)} can be text, ${classes.toLocaleString('en')} classes a step`,
    input: {
      width: input.width === -1 ? LINE_WIDTH : input.width,
      height: input.height === -1 ? LINE_HEIGHT : input.height,
      sizes: input.width === -1 ? 'dynamic' : 'fixed',
    },
    fields: { ...limitBatch(input.batch) },
    assumed:
      input.height === -1
        ? [`Its file leaves the height open; ${LINE_HEIGHT} px is taken, as PP-OCRv3 and later have.`]
        : [],
  } as const;
  if (!dictionary) {
    const missing = `The network tells ${classes.toLocaleString('en')} classes apart and its file does not say which characters they are: give the dictionary that it was trained with by --dictionary FILE (one character a line)`;
    return { ...proposal, missing };
  }
  const extra = classes - dictionary.length - 1;
  if (extra !== 0 && extra !== 1) {
    const missing = `The dictionary has ${dictionary.length.toLocaleString('en')} characters, which makes ${(dictionary.length + 1).toLocaleString('en')} classes with the blank or one more with the space, but the network has ${classes.toLocaleString('en')}: give the one that it was trained with by --dictionary FILE`;
    return { ...proposal, missing };
  }
  const fields = { ...proposal.fields, dictionary: { file: 'dictionary.txt' }, use_space_char: extra === 1 };
  return { ...proposal, fields };
}

function proposeFixedSlots({ input, outputs, plateConfig }: Network): Proposal | undefined {
  const output = outputs.find(({ name }) => name === 'plate') ?? outputs[0];
  const others = outputs.filter((other) => other !== output && other.name !== 'region');
  if (!output || others.length > 0 || input.height < 1 || input.width < 1 || input.height > 256) return undefined;
  const sizes = listSizes(output).slice(1);
  const total = sizes.reduce((product, size) => product * size, 1);
  const letters = plateConfig?.alphabet ?? SLOTS_ALPHABET;
  const slots = plateConfig?.max_plate_slots ?? total / letters.length;
  const named = output.name === 'plate' || plateConfig !== undefined;
  const isText = Number.isInteger(slots) && slots >= 3 && slots <= MOST_SLOTS && sizes.length >= 1 && sizes.length <= 2;
  if (!named && !(isText && (sizes.length === 1 || sizes[0] === slots))) return undefined;
  const common = {
    decoder: 'fast-plate-ocr',
    task: 'read',
    because: `${showTensor(output)} is ${isText ? `${slots} slots of ${letters.length} characters` : 'called as its plate head is'}`,
    input: {
      width: input.width,
      height: input.height,
      type: input.type,
      layout: input.layout,
      channels: input.depth === 1 ? 'GRAY' : 'RGB',
    },
  } as const;
  const region = outputs.find(({ name }) => name === 'region');
  if (!plateConfig && !isText) {
    const missing = `Its alphabet is not the usual one of ${letters.length} characters: give the configuration that fast-plate-ocr keeps beside it by --dictionary FILE.yaml`;
    return { ...common, fields: {}, assumed: [], missing };
  }
  if (plateConfig && plateConfig.max_plate_slots * letters.length !== total) {
    const missing = `The configuration says ${slots} slots of ${letters.length} characters, but the network gives ${showTensor(output)}: give the one that belongs to it by --dictionary FILE.yaml`;
    return { ...common, fields: {}, assumed: [], missing };
  }
  const fields = {
    ...limitBatch(input.batch),
    alphabet: letters,
    pad_char: plateConfig?.pad_char ?? '_',
    slots,
    ...(plateConfig && { keep_aspect_ratio: plateConfig.keep_aspect_ratio, padding_color: plateConfig.padding_color }),
    ...(region && plateConfig?.plate_regions && { regions: nameRegions(plateConfig.plate_regions) }),
  };
  return { ...common, fields, assumed: plateConfig ? [] : listAssumptions(region !== undefined) };
}

function listAssumptions(hasRegions: boolean): string[] {
  const usual = `Its alphabet is taken as ${SLOTS_ALPHABET} and pictures are stretched to the input, as in the networks that fast-plate-ocr publishes; give its configuration by --dictionary FILE.yaml if it has another.`;
  const regions = 'Its regions stay unused without that configuration.';
  return hasRegions ? [usual, regions] : [usual];
}

/** A network whose batch is fixed takes one plate at a time. */
function limitBatch(batch: number): Readonly<{ max_batch?: number }> {
  return batch > 0 ? { max_batch: batch } : {};
}
