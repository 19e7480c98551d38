import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/app/config.ts';
import { PROGRAM_FOLDER } from '../../src/app/version.ts';
import { findAlphabet } from '../../src/eval/replace-model.ts';
import { CHAINS_HEADING, replaceSection } from '../../tools/evaluate/format-page.ts';
import type { ChainAnswer } from './chain-once.ts';
import { type Chain, listChains, OTHERS_ALONE } from './list-chains.ts';
import { listMixedScenes, type MixedScene } from './mixed-list.ts';
import { type Outcome, tabulateChains } from './score-chains.ts';

const HELP = `node bench/pictures/chains.ts [options]: older versions and other networks beside the present ones

Every chain of networks has a process of its own. They take each picture in turn, in another order each time, so that whatever
else runs on the machine slows all of them alike.

  --data FOLDER   where the sets lie, and models/y5fu_640x_sim.onnx (default ../shared/data)
  --ppocr FILE    ch_PP-OCRv4_rec_infer.onnx of rapidocr-onnxruntime 1.4.4; without it two chains are left out
  --each N        pictures of each kind (default 60; 300 takes all)
  --json FILE     what every chain made of every picture
  --write         put the table into docs/notes/measurements-recognition.md
`;

const PAGE = join(PROGRAM_FOLDER, 'docs', 'notes', 'measurements-recognition.md');
/** The just-in-time compiler works on for about so many pictures. */
const WARM_UP = 12;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    ppocr: { type: 'string' },
    each: { type: 'string', default: '60' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await compareChains();

async function compareChains(): Promise<void> {
  const data = resolve(values.data);
  const folder = await mkdtemp(join(tmpdir(), 'bench-chains-'));
  try {
    const chains = await listChains({ data, folder, ppocr: values.ppocr });
    const alphabet = await findAlphabet(loadConfig({ environment: {}, settings: [] }));
    const scenes = await listMixedScenes(data, folder, Number(values.each), alphabet);
    const outcomes = await readInTurns(chains, scenes);
    const names = chains.map(({ name }) => name);
    const table = tabulateChains(names, outcomes, OTHERS_ALONE);
    process.stdout.write(`${table}\n`);
    if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ names, outcomes }));
    if (values.write) await writeSection(`${describeRun(scenes.length)}\n\n${table}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Every picture goes through every chain before the next one comes; first a few that do not count. */
async function readInTurns(chains: readonly Chain[], scenes: readonly MixedScene[]): Promise<readonly Outcome[]> {
  const children: ChildProcess[] = [];
  try {
    for (const { detector, reader } of chains) {
      const settings = [`models.detector=${detector}`, `models.reader=${reader}`];
      const child = fork(fileURLToPath(new URL('./chain-once.ts', import.meta.url)), settings, { cwd: PROGRAM_FOLDER });
      children.push(child);
      await once(child, 'message');
    }
    for (const { file } of scenes.slice(0, WARM_UP)) for (const child of children) await ask(child, file);
    const outcomes: Outcome[] = [];
    for (const [round, { file, ...scene }] of scenes.entries()) {
      const answers: ChainAnswer[] = [];
      for (const step of children.keys()) {
        const at = (round + step) % children.length;
        answers[at] = await ask(children[at] as ChildProcess, file);
      }
      outcomes.push({ scene, answers });
      if ((round + 1) % 50 === 0) process.stderr.write(`${round + 1} of ${scenes.length} pictures\n`);
    }
    return outcomes;
  } finally {
    for (const child of children) child.kill();
  }
}

async function ask(child: ChildProcess, file: MixedScene['file']): Promise<ChainAnswer> {
  child.send(file);
  const stop = new AbortController();
  const ended = once(child, 'exit', stop).then(() => Promise.reject(new Error(`A chain ended at ${file.path}`)));
  try {
    const [answer] = await Promise.race([once(child, 'message', stop), ended]);
    return answer;
  } finally {
    stop.abort();
    await ended.catch(() => undefined);
  }
}

function describeRun(pictures: number): string {
  const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
  return `Written by \`node bench/pictures/chains.ts --each ${values.each} --write\` on ${new Date().toISOString().slice(0, 10)}, ${machine}: ${pictures} close photographs, roadside photographs, dashcam frames and
toll-gate frames, each through every chain in turn, in an order that changes from picture to picture. A chain is two networks in a process of the present program: versions are the networks of that
version. *ms* is processor time a picture from the file to the text, with decoding and garbage, one thread for each network; *ratio* compares it with ${OTHERS_ALONE}. Where nothing is read, the
program looks again at half and twice the size, whatever the detector.

Columns of sets say how many texts are reported exactly, and how many labelled plates are found (IoU 0.5); pictures that trained the detector are left out of them. The reader was trained on six
of seven texts of det-openlpr, so *never trained on* has the others, those of det-ro-dashcam and all of det-ocr-french; *p* (McNemar, exact) compares the first row there.`;
}

async function writeSection(section: string): Promise<void> {
  await writeFile(PAGE, replaceSection(await readFile(PAGE, 'utf8'), CHAINS_HEADING, section));
}
