import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { packageFolder } from '../../tools/servers/cache.ts';
import { type KubeApi, startKubeApi } from '../../tools/servers/kube-api.ts';
import { PACKAGES } from '../../tools/servers/packages.ts';
import { describeWith } from '../servers/servers.ts';
import { unpackCommit, whyNoCommit } from './earlier-commit.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const CHART = path.join('deploy', 'helm', 'ovr-alpr');
const VALUES = readdirSync(path.join(ROOT, CHART, 'ci'));
/** The last commit with version 0.1.0 of the chart. */
const BEFORE = '394737ad659854e464763e96a42826413c23d081';

/** What the Prometheus operator brings, as far as the chart needs it. */
const SERVICE_MONITOR = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'servicemonitors.monitoring.coreos.com' },
  spec: {
    group: 'monitoring.coreos.com',
    scope: 'Namespaced',
    names: { plural: 'servicemonitors', singular: 'servicemonitor', kind: 'ServiceMonitor' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

type Thing = Readonly<{ apiVersion: string; kind: string; metadata: Readonly<{ name: string }> }>;

/** The YAML that Kubernetes reads: a number that begins with 0 is octal. */
const AS_KUBERNETES = { version: '1.1' } as const;
/** Where the API has the objects of a kind. */
const PLURALS: Readonly<Record<string, string>> = { NetworkPolicy: 'networkpolicies', Ingress: 'ingresses' };

describeWith(['helm', 'kube-api'], 'The Helm chart on a real API of Kubernetes', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'alpr-cluster-'));
  const helm = path.join(packageFolder(PACKAGES.helm[0] ?? expect.unreachable()), 'helm');
  const missing = whyNoCommit(BEFORE);
  let cluster: KubeApi;

  beforeAll(async () => {
    cpSync(path.join(ROOT, CHART), path.join(folder, CHART), { recursive: true });
    forgetVersion(path.join(folder, CHART));
    cluster = await startKubeApi();
    const made = await cluster.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', SERVICE_MONITOR);
    expect(made.status).toBe(201);
    const there = async () =>
      (await cluster.ask('GET', '/apis/monitoring.coreos.com/v1/namespaces/default/servicemonitors')).status;
    await vi.waitFor(async () => expect(await there()).toBe(200), { timeout: 60_000 });
  }, 300_000);
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const namespaceOf = (values: string) => `with-${values.replace('.yaml', '')}`;
  function runHelm(values: string, ...args: readonly string[]) {
    const env = { ...process.env, KUBECONFIG: cluster.kubeconfig, HELM_CACHE_HOME: folder, HELM_DATA_HOME: folder };
    const given = ['--namespace', namespaceOf(values), ...args];
    const { status, stdout, stderr } = spawnSync(helm, given, { encoding: 'utf8', env });
    expect(status, stdout + stderr).toBe(0);
    return stdout;
  }
  const valuesOf = (values: string) => ['--values', path.join(ROOT, CHART, 'ci', values)];
  /** What helm says that it made. */
  const listMade = (values: string): readonly Thing[] =>
    parseAllDocuments(runHelm(values, 'get', 'manifest', 'site'), AS_KUBERNETES).flatMap(
      (one) => (one.toJS() as Thing | null) ?? [],
    );
  function find(values: string, { apiVersion, kind, metadata }: Thing) {
    const group = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const plural = PLURALS[kind] ?? `${kind.toLowerCase()}s`;
    return cluster.ask('GET', `/${group}/namespaces/${namespaceOf(values)}/${plural}/${metadata.name}`);
  }
  /** Each object is kept as the chart has it: nothing of it was dropped or changed. */
  async function expectKept(values: string, made: readonly Thing[]): Promise<void> {
    expect(made.length).toBeGreaterThan(3);
    for (const thing of made) {
      const { status, body } = await find(values, thing);
      expect(status, `${thing.kind} ${thing.metadata.name}`).toBe(200);
      expect(body).toMatchObject(writeAsKept(thing));
    }
  }

  test.each(VALUES)(
    'is installed with %s, and every object is kept as it is',
    async (values) => {
      runHelm(values, 'install', 'site', path.join(folder, CHART), '--create-namespace', ...valuesOf(values));
      await expectKept(values, listMade(values));
    },
    120_000,
  );

  test.each(VALUES)(
    'and uninstalled, with %s, leaves none',
    async (values) => {
      const made = listMade(values);
      runHelm(values, 'uninstall', 'site');
      for (const thing of made) {
        const status = async () => (await find(values, thing)).status;
        await expect.poll(status, { message: `${thing.kind} ${thing.metadata.name}` }).toBe(404);
      }
    },
    120_000,
  );

  test.for(VALUES)('is upgraded with %s from the version before', { timeout: 180_000 }, async (values, context) => {
    if (missing !== undefined) {
      process.stderr.write(`skipped: upgrade of the chart: ${missing}\n`);
      return context.skip(missing);
    }
    const before = path.join(folder, 'before');
    unpackCommit(BEFORE, [CHART], before);
    forgetVersion(path.join(before, CHART));
    runHelm(values, 'install', 'site', path.join(before, CHART), '--create-namespace', ...valuesOf(values));
    const first = listMade(values);
    await expectKept(values, first);
    runHelm(values, 'upgrade', 'site', path.join(folder, CHART), ...valuesOf(values));
    const history = JSON.parse(runHelm(values, 'history', 'site', '--output', 'json'));
    expect(history).toMatchObject([
      { chart: 'ovr-alpr-0.1.0', status: 'superseded' },
      { chart: 'ovr-alpr-0.1.1', status: 'deployed' },
    ]);
    const now = listMade(values);
    await expectKept(values, now);
    const named = (things: readonly Thing[]) => things.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
    expect(named(now)).toEqual(named(first));
  });
});

/** The API keeps quantities in their shortest form: 5000 as 5k. */
function writeAsKept(thing: Thing): Thing {
  const shorten = (key: string, value: unknown) =>
    key === 'averageValue' && typeof value === 'string' ? value.replace(/000$/, 'k') : value;
  return JSON.parse(JSON.stringify(thing), shorten);
}

/** Compiled from its modules, the API does not know which version it is, and the chart would not have it. */
function forgetVersion(chart: string): void {
  const file = path.join(chart, 'Chart.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^kubeVersion: .*$/m, ''));
}
