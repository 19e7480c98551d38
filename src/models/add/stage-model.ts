import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AlprError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { makeFolder } from '../../base/make-folder.ts';
import type { ProviderName } from '../config.ts';
import { splitDictionary } from '../dictionary.ts';
import { type Manifest, manifestSchema } from '../manifest.ts';
import { type OnnxNetwork, openOnnxSession } from '../onnx.ts';
import { chooseProposal } from './choose-proposal.ts';
import { refuseForeignFile } from './foreign-file.ts';
import { findPictureInput, listSizes, type Network, type Proposal } from './network.ts';
import { readOnnxFacts } from './onnx-facts.ts';
import type { PlateConfig } from './plate-config.ts';
import { isDecodedYolox } from './probe-yolox.ts';

/** The network to add, and what the user says about it. */
export type AddRequest = Readonly<{
  file: string;
  /** Folder for models; created if it is missing. */
  folder: string;
  /** Name of the model; by default that of the file. */
  name?: string | undefined;
  decoder?: string | undefined;
  dictionary?: readonly string[] | undefined;
  plateConfig?: PlateConfig | undefined;
  classes?: readonly string[] | undefined;
  licence?: string | undefined;
  providers: readonly ProviderName[];
  log: Log;
}>;

/**
 * A model in a hidden folder beside its final place. It can be tried there, then kept; disposing of it removes it
 * unless it was kept.
 */
export type StagedModel = AsyncDisposable &
  Readonly<{
    /** Where it is now. */
    folder: string;
    manifest: Manifest;
    network: Network;
    proposal: Proposal;
    /** Moves it to its final place and returns that. */
    keep(): Promise<string>;
  }>;

const NAME = /^[a-z0-9][a-z0-9._-]*$/;

/**
 * Recognises a network and writes its folder beside the final place. MODEL_INVALID or INPUT_INVALID with one sentence
 * when that is not possible.
 */
export async function stageModel(request: AddRequest): Promise<StagedModel> {
  const name = request.name ?? nameAfter(request.file);
  const place = await findPlace(request.folder, name);
  const { network, proposal } = await recogniseNetwork(request);
  await makeFolder(request.folder).catch(refuseFolder(request.folder));
  const staging = await mkdtemp(join(request.folder, '.adding-')).catch(refuseFolder(request.folder));
  const remove = () => rm(staging, { recursive: true, force: true });
  try {
    const manifest = await writeFolder(staging, { request, name, network, proposal });
    const keep = async () => {
      await chmod(staging, 0o755);
      await rename(staging, place).catch(refuseFolder(place));
      return place;
    };
    return { folder: staging, manifest, network, proposal, keep, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A name made from the file's: `Best Plates.onnx` → `best-plates`. */
function nameAfter(file: string): string {
  const stem = basename(file).replace(/\.onnx$/i, '');
  const name = stem
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return name || 'model';
}

async function findPlace(folder: string, name: string): Promise<string> {
  if (!NAME.test(name) || name.length > 64) {
    const message = `Expected a name of at most 64 lower-case letters, digits, ".", "_" and "-", got "${name}". Choose another with --name.`;
    throw new AlprError('INPUT_INVALID', message);
  }
  const place = resolve(folder, name);
  if (await stat(place).catch(() => undefined)) {
    throw new AlprError(
      'INPUT_INVALID',
      `${place} exists already. Choose another name with --name, or remove that folder.`,
    );
  }
  return place;
}

async function recogniseNetwork(request: AddRequest): Promise<Readonly<{ network: Network; proposal: Proposal }>> {
  const { file, providers, log } = request;
  await refuseForeignFile(file);
  const facts = await readOnnxFacts(file);
  await using session = await openOnnxSession({ file, providers, workers: 1, threads: 1, log });
  const { signature } = session;
  const listed = facts.metadata.get('character');
  const network = {
    input: findPictureInput(signature, file),
    outputs: signature.outputs,
    facts,
    dictionary: request.dictionary ?? (listed === undefined ? undefined : splitDictionary(listed)),
    plateConfig: request.plateConfig,
    classes: request.classes,
  };
  const proposal = chooseProposal(network, request.decoder, file);
  return { network, proposal: await completeProposal(proposal, network, session) };
}

/** What only a run of the network can tell. */
async function completeProposal(proposal: Proposal, network: Network, session: OnnxNetwork): Promise<Proposal> {
  if (proposal.decoder !== 'yolox' || proposal.missing !== undefined || 'decoded' in proposal.fields) return proposal;
  const decoded = await isDecodedYolox(session, network, proposal);
  return { ...proposal, fields: { ...proposal.fields, decoded } };
}

type Written = Readonly<{ request: AddRequest; name: string; network: Network; proposal: Proposal }>;

async function writeFolder(folder: string, { request, name, network, proposal }: Written): Promise<Manifest> {
  const file = 'model.onnx';
  await copyFile(request.file, join(folder, file));
  await chmod(join(folder, file), 0o644);
  const { size } = await stat(join(folder, file));
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, file)), hash);
  if ('dictionary' in proposal.fields) {
    await writeFile(join(folder, 'dictionary.txt'), `${(network.dictionary ?? []).join('\n')}\n`);
  }
  const written = {
    name,
    version: '1',
    task: proposal.task,
    decoder: proposal.decoder,
    file,
    sha256: hash.digest('hex'),
    bytes: size,
    licence: request.licence ?? network.facts.metadata.get('license') ?? 'not stated',
    input: { name: network.input.name, ...proposal.input },
    outputs: network.outputs.map((output) => ({ name: output.name, shape: listSizes(output) })),
    ...proposal.fields,
  };
  const parsed = manifestSchema.safeParse(written);
  if (!parsed.success) {
    const message = `${request.file} cannot be described for ${proposal.decoder}: ${z.prettifyError(parsed.error)}`;
    throw new AlprError('MODEL_INVALID', message);
  }
  await writeFile(join(folder, 'model.json'), `${JSON.stringify(written, undefined, 2)}\n`);
  return parsed.data;
}

function refuseFolder(folder: string) {
  return (cause: NodeJS.ErrnoException): never => {
    const message = `The model cannot be written to ${folder} (${cause.code}). Make room there, or set models.folders to a folder that may be written.`;
    throw new AlprError('INPUT_INVALID', message, { cause });
  };
}
