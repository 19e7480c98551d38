import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSigningKeyFile, type SigningKey } from '../../src/identity/signing-key.ts';
import type { ModelRegistry, ModelVersion } from '../../src/models/registry/registry.ts';
import { signFolder } from '../../src/models/registry/sign-folder.ts';

const MODELS = join(import.meta.dirname, '..', '..', 'models');

type Folder = AsyncDisposable & Readonly<{ folder: string; id: string }>;

/**
 * A shipped model with other bytes that do the same: a note is appended to its ONNX file, as protobuf allows. `edit` changes its
 * model.json.
 */
export async function makeVariant(name: string, note: string, edit: object = {}): Promise<Folder> {
  const folder = await mkdtemp(join(tmpdir(), 'variant-'));
  await cp(join(MODELS, name), folder, { recursive: true });
  // Field 14 of ModelProto, metadata_props: an entry with a key and a value.
  const field = (number: number, content: Buffer) =>
    Buffer.concat([Buffer.from([8 * number + 2, content.length]), content]);
  const entry = field(14, Buffer.concat([field(1, Buffer.from('note')), field(2, Buffer.from(note))]));
  const weights = Buffer.concat([await readFile(join(folder, 'model.onnx')), entry]);
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
