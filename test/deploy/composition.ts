import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const DEPLOY = path.resolve(import.meta.dirname, '..', '..', 'deploy');
/** Where every path of the composition begins. */
export const COMPOSE = path.join(DEPLOY, 'compose');

const health = z.union([
  z.looseObject({ disable: z.literal(true) }).transform(() => ({ disable: true })),
  z.strictObject({ test: z.array(z.string()).min(2), interval: z.string(), timeout: z.string(), retries: z.int() }),
]);
const condition = z.enum(['service_healthy', 'service_completed_successfully']);

/** The fields of a service that are used; a name that is mistyped is none of them. */
const serviceSchema = z.strictObject({
  image: z
    .string()
    .regex(/^[a-z0-9./-]+:[A-Za-z0-9][A-Za-z0-9._-]*$/)
    .refine((image) => !image.endsWith(':latest')),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  profiles: z.tuple([z.enum(['core', 'edge', 'search', 'observe', 'bi', 'mlops', 'trial'])]),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  user: z.enum(['postgres', 'zookeeper', 'root', '1000']).optional(),
  restart: z.enum(['unless-stopped', 'no']),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  logging: z.strictObject({ driver: z.literal('local'), options: z.record(z.string(), z.string()) }),
  mem_limit: z.string().regex(/^\d+[mg]$/),
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .optional(),
  pids_limit: z.int(),
  network_mode: z.enum(['host', 'none']).optional(),
  pid: z.literal('host').optional(),
  devices: z.tuple([z.literal('/dev/kmsg:/dev/kmsg')]).optional(),
  read_only: z.boolean(),
  tmpfs: z.array(z.string()),
  cap_drop: z.tuple([z.literal('ALL')]),
  cap_add: z.array(z.string()).optional(),
  init: z.literal(true).optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).optional(),
  volumes: z.array(z.string()).optional(),
  shm_size: z.string().optional(),
  ulimits: z.record(z.string(), z.strictObject({ soft: z.int(), hard: z.int() })).optional(),
  env_file: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  depends_on: z.record(z.string(), z.strictObject({ condition, required: z.literal(false).optional() })).optional(),
  healthcheck: health,
});

export type Service = Readonly<z.infer<typeof serviceSchema>>;
type Tree = Readonly<Record<string, unknown>>;

const treeSchema = z.record(z.string(), z.unknown());
const fileSchema = z.strictObject({
  'x-ours': z.unknown().optional(),
  services: z.record(z.string(), treeSchema),
  volumes: z.record(z.string(), z.null()).default({}),
});
const mainSchema = z.strictObject({
  name: z.literal('ovr-alpr'),
  include: z.tuple([z.strictObject({ path: z.array(z.string()), env_file: z.literal('compose/images.env') })]),
});

/** deploy/compose.yaml with the files that it includes, as Compose puts them together, with these choices of .env. */
export function readComposition(choices: Readonly<Record<string, string>> = {}) {
  const main = mainSchema.parse(parse(readFileSync(path.join(DEPLOY, 'compose.yaml'), 'utf8')));
  const [{ path: names, env_file }] = main.include;
  const images = readEnvFile(path.join(DEPLOY, env_file));
  const chosen = new Map(Object.entries(choices));
  const texts = names.map((name) => readFileSync(path.join(DEPLOY, fillIn(name, chosen)), 'utf8'));
  const files = texts.map(readFile);
  const whole = new Map<string, Tree>();
  for (const [name, tree] of files.flatMap((file) => Object.entries(file.services))) {
    whole.set(name, join(whole.get(name) ?? {}, extend(tree)));
  }
  const services = [...whole].map(([name, { image, ...rest }]) => {
    return [name, serviceSchema.parse({ ...rest, image: fillIn(String(image), images) })] as const;
  });
  return {
    text: [...texts, readFileSync(path.join(COMPOSE, 'base.yaml'), 'utf8')].join('\n'),
    images,
    services: new Map(services),
    volumes: files.flatMap(({ volumes }) => Object.keys(volumes)),
  };
}

/** NAME=value lines. */
export function readEnvFile(file: string): ReadonlyMap<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const parts = lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split('='));
  return new Map(parts.map(([name = '', ...value]) => [name, value.join('=')]));
}

/** A text with the values in place of ${NAME}, ${NAME:-default} and ${NAME:?why it is needed}. */
export function fillIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{([A-Z0-9_]+)(?::([-?])([^}]*))?\}/g, (_, name, kind, rest) => {
    return values.get(name) ?? (kind === '-' ? rest : '');
  });
}

function readFile(text: string): z.infer<typeof fileSchema> {
  // Instead of going on, such a list takes the place of the one before.
  return fileSchema.parse(parse(text.replaceAll('!override [', '[!!str override, '), { merge: true }));
}

function extend({ extends: from, ...own }: Tree): Tree {
  if (from === undefined) return own;
  const { service } = z.strictObject({ file: z.literal('base.yaml').optional(), service: z.string() }).parse(from);
  const base = readFile(readFileSync(path.join(COMPOSE, 'base.yaml'), 'utf8')).services[service];
  return join(extend(base ?? {}), own);
}

/** Lists go on, maps are joined, everything else is replaced: https://docs.docker.com/reference/compose-file/merge */
function join(base: Tree, own: Tree): Tree {
  const joined = Object.entries(own).map(([key, value]): readonly [string, unknown] => {
    const before = base[key];
    if (key === 'command' || key === 'entrypoint') return [key, value];
    if (Array.isArray(value) && value[0] === 'override') return [key, value.slice(1)];
    if (Array.isArray(value) && Array.isArray(before)) return [key, [...new Set([...before, ...value])]];
    return [key, isTree(value) && isTree(before) ? { ...before, ...value } : value];
  });
  return { ...base, ...Object.fromEntries(joined) };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
