import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSigningKeyFile, type SigningKey } from '../../src/identity/signing-key.ts';
import type { ModelRegistry, ModelVersion } from '../../src/models/registry/registry.ts';
import { signFolder } from '../../src/models/registry/sign-folder.ts';

const MODELS = join(import.meta.dirname, '..', '..', 'models');

type Folder = AsyncDisposable & Readonly<{ folder: string; id: string }>;

/** A field of protobuf that holds bytes; a number is one that holds a number. */
function field(number: number, content: Buffer | string | number): Buffer {
  if (typeof content === 'number') return Buffer.concat([varint(8 * number), varint(content)]);
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(8 * number + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  return value < 128 ? Buffer.from([value]) : Buffer.concat([Buffer.from([(value % 128) + 128]), varint(value >> 7)]);
}

/**
 * Work without use on each run: the input as floats, and so many sines of sines of it. Protobuf adds what comes twice to what was there,
 * so this can follow an ONNX file. The numbers are those of onnx.proto3: nodes and outputs of the graph of a model.
 */
export function addWork(input: string, sines: number): Buffer {
  const node = (type: string, from: string, to: string, attribute: Buffer = Buffer.alloc(0)) =>
    field(1, Buffer.concat([field(1, from), field(2, to), field(3, `extra ${to}`), field(4, type), attribute]));
  const isFloat = field(5, Buffer.concat([field(1, 'to'), field(3, 1), field(20, 2)]));
  const all = Array.from({ length: sines }, (_, at) => node('Sin', `work ${at}`, `work ${at + 1}`));
  const output = field(12, Buffer.concat([field(1, 'work'), field(2, field(1, field(1, 1)))]));
  const nodes = [node('Cast', input, 'work 0', isFloat), ...all, node('ReduceMax', `work ${sines}`, 'work')];
  return field(7, Buffer.concat([...nodes, output]));
}

/**
 * A shipped model with other bytes that do the same: a note is appended to its ONNX file, as protobuf allows, and `more`. `edit` changes
 * its model.json.
 */
export async function makeVariant(
  name: string,
  note: string,
  edit: object = {},
  more: Buffer = Buffer.alloc(0),
): Promise<Folder> {
  const folder = await mkdtemp(join(tmpdir(), 'variant-'));
  await cp(join(MODELS, name), folder, { recursive: true });
  // Field 14 of ModelProto, metadata_props: an entry with a key and a value.
  const entry = field(14, Buffer.concat([field(1, 'note'), field(2, note)]));
  const weights = Buffer.concat([await readFile(join(folder, 'model.onnx')), entry, more]);
  const sha256 = createHash('sha256').update(weights).digest('hex');
  const manifest = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
  await writeFile(join(folder, 'model.onnx'), weights);
  const changed = { ...manifest, version: note, sha256, bytes: weights.length, ...edit };
  await writeFile(join(folder, 'model.json'), JSON.stringify(changed));
  const id = `${name}@${sha256.slice(0, 12)}`;
  return { folder, id, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Signs a variant and keeps it in a registry. */
export async function registerVariant(
  registry: ModelRegistry,
  key: SigningKey,
  ...variant: Parameters<typeof makeVariant>
): Promise<ModelVersion> {
  await using made = await makeVariant(...variant);
  await using signed = await signFolder(made.folder, key);
  return await registry.register(signed.folder);
}

/** The key of a file, made when it is missing, and its public half beside it. */
export async function makeKeys(folder: string): Promise<Readonly<{ key: SigningKey; publicFile: string }>> {
  const key = await openSigningKeyFile(join(folder, 'model-key.pem'));
  const publicFile = join(folder, 'model-key.pub.pem');
  await writeFile(publicFile, key.publicKeyPem);
  return { key, publicFile };
}
