import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { modelRegistryConfigSchema } from '../../../src/models/registry/config.ts';
import { createModelRegistry } from '../../../src/models/registry/create-registry.ts';
import { openMlflowStore } from '../../../src/models/registry/mlflow.ts';
import { startMlflow } from '../../../tools/servers/mlflow.ts';
import { findFreePorts } from '../../../tools/servers/ports.ts';
import { makeKeys, registerVariant } from '../../models/make-variant.ts';
import { makeUndecided } from '../../promotion/compared-reads.ts';
import { describeWith, shareDatabase, startKafka } from '../../servers/servers.ts';
import { type EdgeProcess, expectWhole, listReaders, startEdge, writeEdgeConfig } from './edge-process.ts';
import { startHub } from './hub-process.ts';

const MODELS = join(import.meta.dirname, '..', '..', '..', 'models');
/** Each wait is for a fact, on a machine that may be busy. */
const LIMIT_MS = 3_600_000;
const WAIT = { timeout: 600_000, interval: 250 };
const SWAP_LIMIT_MS = 60_000;
const HOUR_S = 3600;
const { sha256 } = JSON.parse(readFileSync(join(MODELS, 'alpr-read', 'model.json'), 'utf8'));
const SHIPPED = `alpr-read@${sha256.slice(0, 12)}`;
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

describeWith(['kafka', 'postgres', 'mlflow'], 'Kafka, PostgreSQL, MLflow, ingest, the API and an edge', () => {
  test(
    'reviews promote the better challenger and refuse the worse, and the edge follows whatever is killed, tampered with or away',
    async () => {
      await using opened = new AsyncDisposableStack();
      const folder = await mkdtemp(join(tmpdir(), 'loop-'));
      opened.defer(() => rm(folder, { recursive: true, force: true }));
      const database = opened.use(await shareDatabase());
      const [kafka, mlflow] = await Promise.all([startKafka(), startMlflow()]);
      opened.use(kafka);
      opened.use(mlflow);
      const { key, publicFile } = await makeKeys(folder);
      const store = { kind: 'mlflow', url: mlflow.url, trusted_keys: [publicFile] };
      const given = modelRegistryConfigSchema.parse(store);
      if (given.kind !== 'mlflow') throw new TypeError('expected mlflow');
      const registry = createModelRegistry(openMlflowStore(given), new Map([[key.fingerprint, key.publicKeyPem]]));
      const bus = { kind: 'kafka', brokers: kafka.brokers, format: 'json' };
      const promotion = { automatic: true };
      const hub = opened.use(
        await startHub({ folder, databaseUrl: database.url, bus, models: { registry: store, promotion } }),
      );
      const [port] = await findFreePorts(1);
      const road = { passages_per_minute: 30, lanes: 1, night: false, width: 960, height: 540 };
      const lane = { kind: 'simulator', id: 'lane', fps: 5, ...road };
      const config = await writeEdgeConfig(folder, store, {
        cameras: [lane],
        models: { shadow: { cores: 1 } },
        rest: { bus, health: { edge: port }, metrics: { report_seconds: 1 } },
      });
      const register = (name: string, edit?: object) => registerVariant(registry, key, 'alpr-read', name, edit);
      const post = (path: string, body?: object) => hub.person.post(`/api/v1/models/alpr-read/${path}`, body);
      const finals = ({ startedAt }: EdgeProcess, before?: EdgeProcess) =>
        hub.listFinals('road', startedAt, before?.startedAt);
      const readBy = (edge: EdgeProcess, id: string) => async () =>
        (await finals(edge)).filter(({ plate }) => plate.ocr_model === id).length;
      /** Waits until more passages have been read. */
      const readOn = async (edge: EdgeProcess, more = 3) => {
        const before = (await finals(edge)).length;
        await expect.poll(async () => (await finals(edge)).length, WAIT).toBeGreaterThanOrEqual(before + more);
      };
      /** What the edge itself says. */
      const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
      const decisions = async () =>
        (await hub.models()).decisions.map(({ version, action, by }) => `${action} ${version} by ${by}`);

      // Killed as soon as something of the first version lies on the disk.
      const first = await register('first');
      await registry.setAlias('alpr-read', 'champion', first.version);
      const versions = join(folder, 'data', 'edge', 'models', 'versions');
      {
        await using killed = startEdge(config);
        while (!killed.ended() && !(existsSync(versions) && readdirSync(versions).length > 0)) await sleep(2);
        await killed.stop('SIGKILL');
      }
      expect(readdirSync(versions)).not.toEqual([]);

      const next = await register('next');
      const HOLD_AT_VERSION = next.version;
      const watched = await (async () => {
        await using edge = startEdge(config, { HOLD_AT_VERSION });
        await expect.poll(readBy(edge, first.id), WAIT).toBeGreaterThan(1);

        // A worse challenger: 60 of 210 decided differences, and five more that neither read.
        const worse = await register('worse', { alphabet: LETTERS.slice(1) + LETTERS[0] });
        await registry.setAlias('alpr-read', 'challenger', worse.version);
        const against = (challenger: string) => ({ reader: first.id, challenger });
        await hub.review(makeUndecided(against(worse.id), { readerRight: 150, challengerRight: 60, neither: 5 }));
        await expect.poll(decisions, WAIT).toEqual([`refuse ${worse.version} by null`]);
        const [refusal] = (await hub.models()).decisions;
        expect(refusal?.figures).toMatchObject({ reader_right: 150, challenger_right: 60, verdict: 'worse' });

        // A better one, which also reads looks of a camera here, as far as others leave it a core.
        const better = await register('better');
        await registry.setAlias('alpr-read', 'challenger', better.version);
        const looks = new RegExp(`^alpr_shadow_looks_total\\{.*${better.id}.*outcome="read".*\\} [1-9]`, 'm');
        await expect.poll(() => ask('/metrics'), WAIT).toMatch(looks);
        await hub.review(makeUndecided(against(better.id), { readerRight: 60, challengerRight: 150, neither: 5 }));
        await expect.poll(decisions, WAIT).toContain(`promote ${better.version} by null`);
        await expect.poll(readBy(edge, better.id), WAIT).toBeGreaterThan(1);
        const promotedAt = Date.parse((await hub.models()).decisions[0]?.at ?? '');
        const swapped = (await finals(edge)).find(({ plate }) => plate.ocr_model === better.id);
        const tookMs = Date.parse(swapped?.time.published ?? '') - promotedAt;
        process.stderr.write(`promoted to read: ${(tookMs / 1000).toFixed(1)} s\n`);
        expect(tookMs).toBeLessThan(SWAP_LIMIT_MS);

        // Killed between the writing of its state and the change.
        expect((await post('promote', { version: next.version })).status).toBe(200);
        expect((await post('promote', { version: next.version })).status).toBe(409);
        await expect.poll(() => edge.log(), WAIT).toContain('held between its state and the change');
        await edge.stop('SIGKILL');
        const state = JSON.parse(await readFile(join(folder, 'data', 'edge', 'models', 'state.json'), 'utf8'));
        expect(state.kinds.reader.usual.held.version).toBe(next.version);
        return { edge, readers: [SHIPPED, first.id, better.id] };
      })();

      await using edge = startEdge(config);
      await readOn(edge);
      expect(listReaders(await finals(edge))).toEqual([next.id]);
      expectWhole(await finals(watched.edge, edge), watched.readers);

      const tampered = await register('tampered');
      await tamper(mlflow.url, tampered.version);
      expect((await post('promote', { version: tampered.version })).status).toBe(200);
      const refused = async () =>
        (await hub.models()).fleet.flatMap(({ model_versions }) =>
          model_versions.flatMap(({ version, reason }) => (version === tampered.version ? [reason] : [])),
        );
      await expect.poll(refused, WAIT).toEqual(['untrusted']);

      // The registry is away; an hour passes by the clock of the edge.
      await mlflow.control.kill();
      await expect.poll(() => edge.log(), WAIT).toContain('the model registry does not answer; keeping');
      edge.signal('SIGUSR2');
      await expect.poll(() => ask('/health'), WAIT).toContain('The model registry does not answer');
      const contact = /^alpr_model_registry_contact_timestamp_seconds(?:\{.*\})? (\S+)$/m.exec(await ask('/metrics'));
      // What the alarm AlprModelRegistryAway asks.
      expect(Date.now() / 1000 + HOUR_S - Number(contact?.[1])).toBeGreaterThan(HOUR_S);
      await readOn(edge);
      expect(await edge.stop('SIGTERM')).toBe(0);
      expectWhole(await finals(edge), [next.id]);

      await using last = startEdge(config);
      await readOn(last);
      await mlflow.control.restart();
      await expect.poll(() => last.log(), WAIT).toContain('the model registry answers again');
      for (const back of ['next', 'better']) {
        expect((await post('rollback')).status, back).toBe(200);
      }
      const better = (await registry.list()).find(({ card }) => card?.model_version === 'better');
      await expect.poll(readBy(last, better?.id ?? ''), WAIT).toBeGreaterThan(1);
      expect(await last.stop('SIGTERM')).toBe(0);
      expectWhole(await finals(last), [next.id, better?.id ?? '']);
    },
    LIMIT_MS,
  );
});

/** The proxy of artifacts lets anybody change a file. */
async function tamper(url: string, version: string): Promise<void> {
  const query = new URLSearchParams({ name: 'alpr-read', version });
  const answer = await fetch(`${url}/api/2.0/mlflow/model-versions/get-download-uri?${query}`);
  const { artifact_uri: uri } = (await answer.json()) as { artifact_uri: string };
  const place = `${url}/api/2.0/mlflow-artifacts/artifacts${uri.replace('mlflow-artifacts:', '')}/model.onnx`;
  expect((await fetch(place, { method: 'PUT', body: 'other weights' })).status).toBe(200);
}
