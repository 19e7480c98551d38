import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelRegistryConfigSchema } from '../../../src/models/registry/config.ts';
import { createModelRegistry } from '../../../src/models/registry/create-registry.ts';
import { openMlflowStore } from '../../../src/models/registry/mlflow.ts';
import { installedFolder } from '../../../tools/servers/cache.ts';
import { type MlflowServer, startMlflow } from '../../../tools/servers/mlflow.ts';
import { describeWith, shareDatabase, shareS3, uniqueName } from '../../servers/servers.ts';
import { makeKey, makeSigned, trust } from './make-version.ts';
import { type StoreFixture, testRegistry } from './registry-contract.ts';

/** These servers start in half a minute, on a busy machine in two. */
const PATIENT_MS = 300_000;
const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..', '..');

describeWith(['mlflow'], 'MLflow 3', () => {
  const server = keepServer(3);
  testRegistry('MLflow 3', async () => openFixture(server()), PATIENT_MS);

  test(
    'is told of a training: settings, hashes, curves, a folder, and the same run when it is gone on with',
    async () => {
      const { url, artifacts } = server();
      const script = [
        'import sys; from pathlib import Path; from training.track import open_tracker',
        'tracker = open_tracker(sys.argv[1], "reader", Path("."))',
        'tracker.parameters({"rate": 6e-4, "init": Path("reader.pt"), "long": "x" * 9000})',
        'tracker.data({"ocr-world": "ab" * 32})',
        'for step in (100, 200): tracker.figures({"loss/ctc": 1 / step, "exact/ocr-world (held-out texts)": 0.9}, step)',
        'Path("out").mkdir(exist_ok=True); Path("out/held-out.md").write_text("| set |"); tracker.file(Path("out"), "about")',
        'tracker.end()',
      ].join('\n');
      const env = { ...process.env, PYTHONPATH: `${installedFolder('mlflow')}:${ROOT}` };
      const train = (at: string) => run('python3', ['-c', script, at], { cwd: join(artifacts, '..'), env });
      await train(url);
      expect((await train(url)).stdout).not.toContain('not sent');
      const { experiment_id } = await find(server(), 'alpr-training');
      const { runs } = await post(server(), 'runs/search', { experiment_ids: [experiment_id] });
      expect(runs).toHaveLength(1);
      const { info, data } = runs[0];
      const named = (list: readonly Readonly<{ key: string; value: unknown }>[]) =>
        Object.fromEntries(list.map(({ key, value }) => [key, value]));
      expect(info).toMatchObject({ status: 'FINISHED', run_name: 'reader' });
      expect(named(data.params)).toMatchObject({ rate: '0.0006', init: 'reader.pt', long: 'x'.repeat(500) });
      expect(named(data.metrics)).toMatchObject({ 'loss/ctc': 0.005, 'exact/ocr-world held-out texts': 0.9 });
      expect(named(data.tags)['data.ocr-world']).toBe('ab'.repeat(32));
      const file = `${url}/api/2.0/mlflow-artifacts/artifacts/${experiment_id}/${info.run_id}/artifacts/about/held-out.md`;
      expect(await (await fetch(file)).text()).toBe('| set |');
      await expect(train('http://127.0.0.1:9')).rejects.toThrow(/Connection refused|Max retries/);
    },
    PATIENT_MS,
  );
});

describeWith(['mlflow-2'], 'MLflow 2.9', () => {
  const server = keepServer(2);
  testRegistry('MLflow 2.9', async () => openFixture(server()), PATIENT_MS);

  test(
    'has the champion in Production and the challenger in Staging, and takes them from there',
    async () => {
      const fixture = openFixture(server());
      const key = makeKey();
      const registry = createModelRegistry(fixture.store, trust(key));
      const register = async () => {
        await using made = await makeSigned('staged', randomBytes(64), key);
        return (await registry.register(made.folder)).version;
      };
      const [a, b] = [await register(), await register()];
      const stages = async () => {
        const found = await ask(server(), 'model-versions/search', { filter: "name='staged'" });
        const versions: readonly Readonly<Record<string, string>>[] = found.model_versions;
        return Object.fromEntries(versions.map(({ version, current_stage }) => [version, current_stage]));
      };
      await registry.setAlias('staged', 'champion', a);
      await registry.setAlias('staged', 'challenger', b);
      expect(await stages()).toEqual({ [a]: 'Production', [b]: 'Staging' });
      await registry.setAlias('staged', 'champion', b);
      expect(await stages()).toEqual({ [a]: 'Archived', [b]: 'Production' });
      await registry.setAlias('staged', 'champion', undefined);
      expect(await stages()).toEqual({ [a]: 'Archived', [b]: 'None' });
      const moved = { name: 'staged', version: a, stage: 'Staging', archive_existing_versions: false };
      await post(server(), 'model-versions/transition-stage', moved);
      const own = (await registry.list()).filter(({ model }) => model === 'staged');
      const roles = own.map(({ version, aliases }) => [version, aliases]);
      expect(roles).toEqual([
        [b, []],
        [a, ['challenger']],
      ]);
    },
    PATIENT_MS,
  );
});

describeWith(['mlflow', 'postgres', 's3'], 'MLflow on PostgreSQL and S3', () => {
  test(
    'works on the role, the schema and the bucket that deploy/ makes, twice',
    async () => {
      await using database = await shareDatabase();
      const bucket = { ...(await shareS3()), name: uniqueName('mlflow-artifacts') };
      const password = randomBytes(12).toString('hex');
      const env = {
        ...process.env,
        PYTHONPATH: installedFolder('mlflow'),
        OWNER_URL: database.url,
        MLFLOW_DATABASE_PASSWORD: password,
        BUCKET: bucket.name,
        MLFLOW_S3_ENDPOINT_URL: bucket.endpoint,
        AWS_DEFAULT_REGION: bucket.region,
        AWS_ACCESS_KEY_ID: bucket.accessKeyId,
        AWS_SECRET_ACCESS_KEY: bucket.secretAccessKey,
      };
      for (const _ of ['new', 'there']) await run('python3', [join(ROOT, 'deploy', 'mlflow', 'prepare.py')], { env });
      const { host, pathname } = new URL(database.url);
      const own = `postgresql+psycopg2://mlflow:${password}@${host}${pathname}`;
      await using server = await startMlflow({ database: own, bucket });
      const fixture = openFixture(server);
      const key = makeKey();
      const registry = createModelRegistry(fixture.store, trust(key));
      const weights = randomBytes(3_000_000);
      await using made = await makeSigned('stored', weights, key);
      const version = await registry.register(made.folder);
      await registry.setAlias('stored', 'champion', version.version);
      expect((await registry.list())[0]).toMatchObject({ id: version.id, aliases: ['champion'], fault: null });
      const rest = await registry.read(version, 'model.onnx', 2_999_000);
      const chunks: Buffer[] = [];
      for await (const chunk of rest) chunks.push(Buffer.from(chunk));
      expect(Buffer.concat(chunks).equals(weights.subarray(2_999_000))).toBe(true);
    },
    PATIENT_MS,
  );
});

/** One server for a suite: a start takes half a minute on a busy machine. */
function keepServer(version: 2 | 3): () => MlflowServer {
  let server: MlflowServer | undefined;
  beforeAll(async () => {
    server = await startMlflow({ version });
  }, PATIENT_MS);
  afterAll(() => server?.[Symbol.asyncDispose]());
  return () => {
    if (!server) throw new Error('expected the server to be started');
    return server;
  };
}

/** The artifact proxy lets anybody change a file: what a signature is for. */
function openFixture(server: MlflowServer): StoreFixture {
  const config = modelRegistryConfigSchema.parse({ kind: 'mlflow', url: server.url });
  if (config.kind !== 'mlflow') throw new Error('expected mlflow');
  return {
    store: openMlflowStore(config),
    tamper: async ({ model: name, version }, path, content) => {
      const { artifact_uri: uri } = await ask(server, 'model-versions/get-download-uri', { name, version });
      const place = uri.replace('mlflow-artifacts:', '');
      const address = `${server.url}/api/2.0/mlflow-artifacts/artifacts${place}/${path}`;
      const answer = await fetch(address, { method: 'PUT', body: new Uint8Array(content) });
      expect(answer.status).toBe(200);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

async function find(server: MlflowServer, name: string): Promise<Readonly<{ experiment_id: string }>> {
  return (await ask(server, 'experiments/get-by-name', { experiment_name: name })).experiment;
}

async function ask({ url }: MlflowServer, path: string, query: Readonly<Record<string, string>>) {
  return (await fetch(`${url}/api/2.0/mlflow/${path}?${new URLSearchParams(query)}`)).json();
}

async function post({ url }: MlflowServer, path: string, body: object) {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${url}/api/2.0/mlflow/${path}`, init);
  expect(answer.status).toBe(200);
  return answer.json();
}
