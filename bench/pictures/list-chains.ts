import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROGRAM_FOLDER } from '../../src/app/version.ts';
import { createLog } from '../../src/base/log.ts';
import { stageModel } from '../../src/models/add/stage-model.ts';

/** A detector and a reader, folders or names, behind one another in the present program. */
export type Chain = Readonly<{ name: string; detector: string; reader: string }>;

const OWN = { detector: 'alpr-detect', reader: 'alpr-read' } as const;
/** Commits that have both networks of a version. */
const VERSIONS = { '0.1.0': '1d3bd062', '0.3.0': 'b9961a0c', '0.5.0': '3680ef6d' } as const;
const Y5FU = join('models', 'y5fu_640x_sim.onnx');

type Given = Readonly<{
  /** Folder of the sets, which has HyperLPR's detector. */
  data: string;
  /** An empty folder for the networks. */
  folder: string;
  /** `ch_PP-OCRv4_rec_infer.onnx`; without it chains with that reader are left out. */
  ppocr?: string | undefined;
}>;

/** The present networks first, those of older versions from the history of the repository, then chains of other networks. */
export async function listChains({ data, folder, ppocr }: Given): Promise<readonly Chain[]> {
  const present = { name: `present: ${await describePresent()}`, ...OWN };
  const older = await Promise.all(Object.entries(VERSIONS).map((version) => takeVersion(folder, version)));
  const y5fu = await add(folder, 'y5fu-640', join(data, Y5FU));
  const paddle = ppocr === undefined ? undefined : await add(folder, 'ppocr-v4', ppocr);
  const others: Chain[] = [];
  if (paddle) others.push({ name: 'present detector + PP-OCRv4', detector: OWN.detector, reader: paddle });
  if (y5fu) others.push({ name: 'y5fu-640 + present reader', detector: y5fu, reader: OWN.reader });
  if (y5fu && paddle) others.push({ name: OTHERS_ALONE, detector: y5fu, reader: paddle });
  return [present, ...older, ...others];
}

/** The chain without a network of this project. */
export const OTHERS_ALONE = 'y5fu-640 + PP-OCRv4';

/** The versions of the networks in `models`. */
export async function describePresent(): Promise<string> {
  const versions = Object.values(OWN).map(async (name) => {
    const { version } = JSON.parse(await readFile(join(PROGRAM_FOLDER, 'models', name, 'model.json'), 'utf8'));
    return `${name} ${version}`;
  });
  return (await Promise.all(versions)).join(', ');
}

async function takeVersion(folder: string, [version, commit]: readonly [string, string]): Promise<Chain> {
  const [detector, reader] = await Promise.all(
    Object.values(OWN).map(async (name) => {
      const place = join(folder, version, name);
      await mkdir(place, { recursive: true });
      for (const file of ['model.json', 'model.onnx']) {
        const show = ['-C', PROGRAM_FOLDER, 'show', `${commit}:models/${name}/${file}`];
        const { stdout } = await promisify(execFile)('git', show, { encoding: 'buffer', maxBuffer: 64e6 });
        await writeFile(join(place, file), stdout);
      }
      return place;
    }),
  );
  return { name: version, detector: detector as string, reader: reader as string };
}

/** A foreign network as `alpr models add` recognises it; undefined without its file. */
async function add(folder: string, name: string, file: string): Promise<string | undefined> {
  if (!existsSync(file)) return undefined;
  const log = createLog({ level: 'warn' });
  await using staged = await stageModel({ file, name, folder, providers: ['cpu'], log });
  return staged.keep();
}
