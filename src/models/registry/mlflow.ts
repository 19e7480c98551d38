import { join } from 'node:path';
import { z } from 'zod';
import { AlprError, codeOf } from '../../base/errors.ts';
import { plainFile } from '../manifest-common.ts';
import type { MlflowConfig } from './config.ts';
import { createMlflow, type Mlflow } from './mlflow-request.ts';
import { MODEL_ALIASES, type ModelAlias } from './registry.ts';
import type { NewVersion, StoredVersion, VersionStore } from './version-store.ts';

/** Which versions are ours: others may keep their models on the same server. */
const MARK = 'alpr.content';
/** Folder of the files below the artifacts of a version's run. */
const FILES = 'version';
const SCHEME = 'mlflow-artifacts:';
/** The stages of MLflow 2 that stand for an alias. */
const STAGES = { champion: 'Production', challenger: 'Staging' } as const satisfies Record<ModelAlias, string>;
const PAGE = 1000;
const MOST_PAGES = 100;

const anything = z.unknown();
const tags = z
  .array(z.object({ key: z.string(), value: z.string().default('') }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, value])));
const token = z.string().default('');
const model = z.object({
  name: z.string(),
  tags,
  aliases: z.array(z.object({ alias: z.string(), version: z.coerce.string() })).default([]),
});
const models = z.object({ registered_models: z.array(model).default([]), next_page_token: token });
const version = z.object({
  name: z.string(),
  version: z.coerce.string(),
  creation_timestamp: z.coerce.number(),
  current_stage: z.string().default(''),
  source: z.string().default(''),
  tags,
});
const versions = z.object({ model_versions: z.array(version).default([]), next_page_token: token });
const experiment = z.object({ experiment_id: z.string() });
const run = z.object({ run: z.object({ info: z.object({ run_id: z.string(), artifact_uri: z.string() }) }) });

/**
 * Versions in MLflow's model registry: aliases are its aliases, what is decided about a version its tags, and its files the artifacts
 * of a run. On MLflow 2 the stages follow the aliases, and stand for them where there are none.
 */
export function openMlflowStore(config: MlflowConfig): VersionStore {
  const mlflow = createMlflow(config);
  let staged: Promise<boolean> | undefined;
  const hasStages = () => {
    staged ??= mlflow.version().then((version) => version?.startsWith('2.') ?? false);
    return staged.catch((error: unknown) => {
      staged = undefined;
      throw error;
    });
  };
  /** Where the files of a version are never changes. */
  const places = new Map<string, string>();
  const findPlace = async (name: string, version: string) => {
    const key = `${name}/${version}`;
    const place = places.get(key) ?? (await askPlace(mlflow, name, version));
    places.set(key, place);
    return place;
  };
  return {
    kind: 'mlflow',
    list: async (name) => listVersions(mlflow, await hasStages(), name),
    add: (version) => addVersion(mlflow, config.experiment, version),
    setAlias: async (name, alias, version) => {
      const path = 'registered-models/alias';
      const fields = { name, alias };
      if (version === undefined) await mlflow.ask({ method: 'DELETE', path, fields, schema: anything });
      else await mlflow.ask({ method: 'POST', path, fields: { ...fields, version }, schema: anything });
      if (await hasStages()) await moveStage(mlflow, { name, alias, version });
    },
    setTags: async (name, version, tags) => {
      for (const [key, value] of Object.entries(tags)) {
        const fields = { name, version, key, value };
        await mlflow.ask({ method: 'POST', path: 'model-versions/set-tag', fields, schema: anything });
      }
    },
    read: async (name, version, path, from) => {
      if (!plainFile.safeParse(path).success) throw new AlprError('NOT_FOUND', `No version has a file "${path}"`);
      const file = `${await findPlace(name, version)}/${path}`;
      try {
        return await mlflow.download(file, from);
      } catch (error) {
        // MLflow 2 answers a file that is not there with 500.
        if (codeOf(error) !== 'MODEL_REGISTRY_UNAVAILABLE' || (await mlflow.has(file).catch(() => true))) throw error;
        throw new AlprError('NOT_FOUND', `Version ${version} of ${name} has no file ${path} in MLflow`, {
          cause: error,
        });
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

async function listVersions(mlflow: Mlflow, hasStages: boolean, only?: string): Promise<readonly StoredVersion[]> {
  const found: StoredVersion[] = [];
  for (const { name, tags, aliases } of only === undefined ? await readModels(mlflow) : await readModel(mlflow, only)) {
    if (tags[MARK] === undefined) continue;
    const own = (await readVersions(mlflow, name)).filter((version) => version.tags[MARK] !== undefined);
    const holders = MODEL_ALIASES.map((alias) => {
      const staged = hasStages ? own.find(({ current_stage }) => current_stage === STAGES[alias]) : undefined;
      return [alias, aliases.find((given) => given.alias === alias)?.version ?? staged?.version] as const;
    });
    for (const { version, creation_timestamp, tags } of own) {
      const createdAt = new Date(creation_timestamp).toISOString();
      const held = holders.filter(([, holder]) => holder === version).map(([alias]) => alias);
      found.push({ model: name, version, createdAt, aliases: held, tags });
    }
  }
  return found;
}

function readModels(mlflow: Mlflow) {
  return readPages(async (page) => {
    const fields = { max_results: PAGE, ...page };
    const answer = await mlflow.ask({ method: 'GET', path: 'registered-models/search', fields, schema: models });
    return { items: answer.registered_models, next: answer.next_page_token };
  });
}

/** None where there is no model of that name. */
async function readModel(mlflow: Mlflow, name: string): Promise<readonly z.infer<typeof model>[]> {
  const schema = z.object({ registered_model: model });
  const found = await mlflow
    .ask({ method: 'GET', path: 'registered-models/get', fields: { name }, schema })
    .catch(ignoreCode('NOT_FOUND'));
  return found ? [found.registered_model] : [];
}

function readVersions(mlflow: Mlflow, name: string) {
  return readPages(async (page) => {
    const fields = { filter: `name='${name.replaceAll("'", "''")}'`, max_results: PAGE, ...page };
    const answer = await mlflow.ask({ method: 'GET', path: 'model-versions/search', fields, schema: versions });
    return { items: answer.model_versions, next: answer.next_page_token };
  });
}

async function readPages<Item>(
  read: (page: Readonly<{ page_token?: string }>) => Promise<Readonly<{ items: readonly Item[]; next: string }>>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let page = {};
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const { items, next } = await read(page);
    all.push(...items);
    if (next === '') return all;
    page = { page_token: next };
  }
  throw new AlprError('MODEL_REGISTRY_UNAVAILABLE', `Expected MLflow to end its list after ${MOST_PAGES} pages`);
}

/** The version is created last: until then nobody sees it, and the run says whether it failed. */
async function addVersion(mlflow: Mlflow, experimentName: string, added: NewVersion): Promise<string> {
  const { model, folder, paths, description, tags } = added;
  const experiment_id = await findExperiment(mlflow, experimentName);
  const post = <Answer>(path: string, fields: Readonly<Record<string, unknown>>, schema: z.ZodType<Answer>) =>
    mlflow.ask({ method: 'POST', path, fields, schema });
  const started = { experiment_id, start_time: Date.now(), run_name: description.slice(0, 200) };
  const { run_id, artifact_uri } = (await post('runs/create', started, run)).run.info;
  const end = (status: 'FINISHED' | 'FAILED') =>
    post('runs/update', { run_id, status, end_time: Date.now() }, anything);
  try {
    const place = `${toPlace(artifact_uri)}/${FILES}`;
    for (const path of paths) await mlflow.upload(`${place}/${path}`, join(folder, path));
    await createModel(mlflow, model);
    const source = `${artifact_uri}/${FILES}`;
    const listed = Object.entries(tags).map(([key, value]) => ({ key, value }));
    const fields = { name: model, source, run_id, description, tags: listed };
    const created = await post('model-versions/create', fields, z.object({ model_version: version }));
    await end('FINISHED');
    return created.model_version.version;
  } catch (error) {
    await end('FAILED').catch(() => undefined);
    throw error;
  }
}

async function findExperiment(mlflow: Mlflow, name: string): Promise<string> {
  const byName = { method: 'GET', path: 'experiments/get-by-name', fields: { experiment_name: name } } as const;
  const find = () => mlflow.ask({ ...byName, schema: z.object({ experiment }) });
  const found = await find().catch(ignoreCode('NOT_FOUND'));
  if (found) return found.experiment.experiment_id;
  const create = { method: 'POST', path: 'experiments/create', fields: { name }, schema: experiment } as const;
  return (await mlflow.ask(create)).experiment_id;
}

/** MLflow says that it exists by refusing it. The mark must be there before the first version. */
async function createModel(mlflow: Mlflow, name: string): Promise<void> {
  const mark = { key: MARK, value: 'versions' };
  const create = { name, tags: [mark] };
  const created = await mlflow
    .ask({ method: 'POST', path: 'registered-models/create', fields: create, schema: anything })
    .then(() => true, ignoreCode('MODEL_REGISTRY_REFUSED'));
  if (created) return;
  await mlflow.ask({
    method: 'POST',
    path: 'registered-models/set-tag',
    fields: { name, ...mark },
    schema: anything,
  });
}

async function moveStage(
  mlflow: Mlflow,
  { name, alias, version }: Readonly<{ name: string; alias: ModelAlias; version: string | undefined }>,
): Promise<void> {
  const path = 'model-versions/transition-stage';
  const move = (moved: string, stage: string) => {
    const fields = { name, version: moved, stage, archive_existing_versions: stage !== 'None' };
    return mlflow.ask({ method: 'POST', path, fields, schema: anything });
  };
  if (version !== undefined) {
    await move(version, STAGES[alias]);
    return;
  }
  for (const { version: held, current_stage } of await readVersions(mlflow, name)) {
    if (current_stage === STAGES[alias]) await move(held, 'None');
  }
}

const uri = z.object({ artifact_uri: z.string() });

async function askPlace(mlflow: Mlflow, name: string, version: string): Promise<string> {
  const path = 'model-versions/get-download-uri';
  const answer = await mlflow.ask({ method: 'GET', path, fields: { name, version }, schema: uri });
  return toPlace(answer.artifact_uri);
}

/** The path below the artifact proxy that an address such as `mlflow-artifacts:/1/run/artifacts` names. */
function toPlace(address: string): string {
  const place = address.startsWith(SCHEME) ? address.slice(SCHEME.length).replace(/^\/\/[^/]*/, '') : undefined;
  const parts = place?.split('/').filter((part) => part !== '') ?? [];
  if (parts.length > 0 && !parts.includes('..') && !parts.includes('.')) return parts.join('/');
  throw new AlprError(
    'NOT_FOUND',
    `Expected the files of a version behind MLflow's own address, but they are at ${address}. Start it with --serve-artifacts and --artifacts-destination`,
  );
}

function ignoreCode(code: AlprError['code']) {
  return (error: unknown): undefined => {
    if (!(error instanceof AlprError && error.code === code)) throw error;
  };
}
