import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { Config } from '../../app/config.ts';
import { AlprError, messageOf } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import { parseYaml } from '../../base/yaml.ts';
import { showTensor } from '../../models/add/network.ts';
import { isPlateConfig, type PlateConfig, parsePlateConfig } from '../../models/add/plate-config.ts';
import { type StagedModel, stageModel } from '../../models/add/stage-model.ts';
import { readDictionary } from '../../models/dictionary.ts';
import { tryModel } from './try.ts';

export type AddFlags = Readonly<{
  name?: string;
  decoder?: string;
  dictionary?: string;
  classes?: readonly string[];
  licence?: string;
  picture?: string;
}>;

/** Adds a network to the first models folder after it was recognised and has run on a picture; nothing stays when either fails. */
export async function addModel(config: Config, file: string, flags: AddFlags): Promise<number> {
  const folder = resolve(config.models.folders[0] ?? 'models');
  const log = createLog({ ...config.log, level: 'warn' });
  const { dictionary, ...said } = flags;
  const characters = dictionary === undefined ? {} : await readCharacters(dictionary);
  const { providers } = config.models;
  await using staged = await stageModel({ file, folder, providers, log, ...said, ...characters });
  const seen = await tryModel(config, staged, flags.picture);
  const place = await staged.keep();
  process.stdout.write(describeModel(staged, place, flags.licence));
  process.stdout.write(seen.map((line) => `${line}\n`).join(''));
  process.stdout.write(describeUse(staged));
  return 0;
}

/** A dictionary of PaddleOCR, or a plate configuration of fast-plate-ocr. */
async function readCharacters(path: string): Promise<{ dictionary: readonly string[] } | { plateConfig: PlateConfig }> {
  const dictionary = await readDictionary(path);
  if (!['.yaml', '.yml', '.json'].includes(extname(path).toLowerCase())) return { dictionary };
  let parsed: unknown;
  try {
    parsed = parseYaml(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new AlprError('INPUT_INVALID', `${path} is not YAML: ${messageOf(cause).split('\n')[0]}`, { cause });
  }
  return isPlateConfig(parsed) ? { plateConfig: parsePlateConfig(parsed, path) } : { dictionary };
}

function describeModel({ manifest, network, proposal }: StagedModel, place: string, licence?: string): string {
  const { input } = network;
  const shape =
    input.layout === 'NCHW'
      ? [input.batch, input.depth, input.height, input.width]
      : [input.batch, input.height, input.width, input.depth];
  const unsure = licence === undefined && manifest.licence === 'not stated';
  const rows = [
    ['decoder', `${proposal.decoder}: ${proposal.because}`],
    ['takes', showTensor({ ...input, shape })],
    ['gives', network.outputs.map(showTensor).join(', ')],
    ...('classes' in manifest ? [['classes', describeClasses(manifest.classes)]] : []),
    ['licence', unsure ? 'not stated in the file: ask who made it, and write it into model.json' : manifest.licence],
    ...proposal.assumed.map((sentence) => ['check', sentence]),
    ['written', `${place}, ${(manifest.bytes / 1e6).toFixed(1)} MB, sha256 ${manifest.sha256.slice(0, 12)}`],
  ];
  return `${manifest.name}\n${rows.map(([name = '', value]) => `  ${name.padEnd(9)} ${value}\n`).join('')}`;
}

function describeClasses(classes: readonly string[]): string {
  const used = classes.flatMap((name, index) => (name === 'ignored' ? [] : [`${index} ${name}`]));
  const ignored = classes.length - used.length;
  return `${used.join(', ')}${ignored > 0 ? `; ${ignored} ignored` : ''}`;
}

function describeUse({ manifest, proposal }: StagedModel): string {
  const findsPlates = 'classes' in manifest && manifest.classes.includes('plate');
  const half = findsPlates ? 'detector' : 'vehicle';
  const setting = `models.${proposal.task === 'read' ? 'reader' : half}=${manifest.name}`;
  return `Use it:      alpr start --set ${setting}\nMeasure it:  alpr eval FOLDER --set ${setting}\n`;
}
