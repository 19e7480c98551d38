import { basename } from 'node:path';

/** A sample of `perf script -F comm,tid,time,ip,sym,dso`; frames from the root to the leaf. */
export type Sample = Readonly<{ thread: string; seconds: number; frames: readonly Frame[] }>;

type Frame = Readonly<{ name: string; library: string }>;

/** Weighed stacks: frames from the root to the leaf, joined by semicolons, with the samples that had them. */
export type Stacks = ReadonlyMap<string, number>;

const HEAD = /^(\S.*?)\s+\d+\s+(\d+\.\d+):/;
const FRAME = /^\s+[0-9a-f]+ (.*) \((.*)\)$/;
/** A function of the program: where it is below `src`, and its name. */
const OWN = /^JS:\S?(.*) (?:file:\/\/)?\/\S*\/src\/(\S+?)\.ts:\d+:\d+$/;
const COLLECTING = /Scaveng|MarkCompact|Marking|Sweep|CollectGarbage|Evacuat|HeapGrow|cppgc/;
const COMPILING = /Compil|Maglev|Turbo[fF]an|turboshaft|liftoff/;

const NETWORKS: Readonly<Record<string, string>> = {
  'alpr-detect': 'detector',
  'alpr-read': 'reader',
  'alpr-vehicles': 'vehicles',
};

/** Which part of the work a function of the program does, by the file it is in. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^camera\//, 'decoding'],
  [/^vision\/detect\/(letterbox|plan-axis|resample|blend-rows|halve)$/, 'letterbox'],
  [/^vision\/detect\//, 'boxes'],
  [/^vision\/read\/rectify$/, 'rectify'],
  [/^vision\/(read|regions)\//, 'ranking'],
  [/^models\//, 'handing over'],
];

/** The samples of a text that `perf script` wrote. */
export function parseSamples(text: string): readonly Sample[] {
  return text.split('\n\n').flatMap((block) => {
    const [head = '', ...lines] = block.trimStart().split('\n');
    const [, thread, seconds] = HEAD.exec(head) ?? [];
    if (thread === undefined) return [];
    const frames = lines.flatMap((line) => {
      const [, name = '', library = ''] = FRAME.exec(line) ?? [];
      return name === '' ? [] : [{ name, library: basename(library) }];
    });
    return [{ thread, seconds: Number(seconds), frames: frames.reverse() }];
  });
}

/** The part of a picture's work that a sample is of. */
export function nameStage({ thread, frames }: Sample): string {
  if (frames.some(({ name }) => COLLECTING.test(name))) return 'collecting garbage';
  if (frames.some(({ name }) => !name.startsWith('JS:') && COMPILING.test(name))) return 'compiling';
  if (thread in NETWORKS) return NETWORKS[thread] as string;
  if (thread === 'libuv-worker') return 'decoding';
  for (const { name } of frames.toReversed()) {
    const file = OWN.exec(name)?.[2];
    const part = file === undefined ? undefined : PARTS.find(([pattern]) => pattern.test(file));
    if (part) return part[1];
  }
  return 'the rest';
}

/** Stacks of what a reader of the picture can name: the stage, functions of the program, and the library at the end. */
export function foldSamples(samples: readonly Sample[]): Stacks {
  const stacks = new Map<string, number>();
  for (const sample of samples) {
    const own = sample.frames.flatMap(({ name }) => {
      const [, called, file] = OWN.exec(name) ?? [];
      return file === undefined ? [] : [`${called || 'anonymous'} (${basename(file)})`];
    });
    const leaf = sample.frames.at(-1);
    const library = leaf && !leaf.name.startsWith('JS:') ? [nameLibrary(leaf)] : [];
    const stack = [nameStage(sample), ...own, ...library].join(';');
    stacks.set(stack, (stacks.get(stack) ?? 0) + 1);
  }
  return stacks;
}

function nameLibrary({ library }: Frame): string {
  if (library.startsWith('[kernel')) return 'kernel';
  return library.replace(/\.so.*$/, '');
}

/** The same stacks, with the time of ONNX Runtime shared out among the operators of each network. */
export function splitOperators(
  stacks: Stacks,
  operators: Readonly<Record<string, ReadonlyMap<string, number>>>,
): Stacks {
  const split = new Map<string, number>();
  for (const [stack, weight] of stacks) {
    const shares = operators[stack.split(';')[0] ?? ''];
    const whole = [...(shares?.values() ?? [])].reduce((sum, share) => sum + share, 0);
    if (!shares || whole === 0 || !stack.endsWith('libonnxruntime')) split.set(stack, weight);
    else for (const [name, share] of shares) split.set(`${stack};${name}`, (weight * share) / whole);
  }
  return split;
}
