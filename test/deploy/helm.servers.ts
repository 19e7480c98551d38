import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/app/config.ts';
import { packageFolder } from '../../tools/servers/cache.ts';
import { PACKAGES } from '../../tools/servers/packages.ts';
import { describeWith } from '../servers/describe-with.ts';

const CHART = path.resolve(import.meta.dirname, '..', '..', 'deploy', 'helm', 'ovr-alpr');
const VALUES = readdirSync(path.join(CHART, 'ci'));
/** Of what the chart makes; ServiceMonitor is not of Kubernetes itself. */
const VERSIONS = ['1.27', '1.33', '1.37'];
const FOREIGN = new Set(['ServiceMonitor']);

type Thing = Readonly<{
  kind: string;
  metadata: Readonly<{ name: string }>;
  data?: Readonly<Record<string, string>>;
  spec?: Readonly<{
    replicas?: number;
    template?: Readonly<{ spec: Readonly<{ containers: readonly Container[]; volumes: readonly Volume[] }> }>;
  }>;
}>;
type Container = Readonly<{
  args: readonly string[];
  securityContext: object;
  volumeMounts: readonly { name: string }[];
}>;
type Volume = Readonly<{ name: string }>;

describeWith(['helm'], 'The Helm chart', () => {
  const [helm, validate] = PACKAGES.helm.map(packageFolder);
  const folder = mkdtempSync(path.join(tmpdir(), 'alpr-helm-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
    return { status, stdout, stderr };
  }
  const runHelm = (...args: readonly string[]) => run(path.join(helm ?? '', 'helm'), args);
  // Compiled from its sources, helm does not know for which Kubernetes.
  const render = (...args: readonly string[]) =>
    runHelm('template', 'site', CHART, '--kube-version', '1.33.0', ...args);
  const template = (values: string) => render('--values', path.join(CHART, 'ci', values));
  const thingsOf = (yaml: string) => parseAllDocuments(yaml).flatMap((one) => (one.toJS() as Thing | null) ?? []);

  test.each(VALUES)('has no fault with %s, in the eyes of helm and of the schemas of Kubernetes', (values) => {
    const linted = runHelm(
      ...['lint', '--strict', '--kube-version', '1.33.0', CHART, '--values', path.join(CHART, 'ci', values)],
    );
    expect(linted.stdout).toContain('0 chart(s) failed');
    const { status, stdout, stderr } = template(values);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const made = thingsOf(stdout);
    expect(made.length).toBeGreaterThan(3);
    const file = path.join(folder, `${values}.json.yaml`);
    writeFileSync(
      file,
      made
        .filter(({ kind }) => !FOREIGN.has(kind))
        .map((thing) => JSON.stringify(thing))
        .join('\n---\n'),
    );
    for (const version of VERSIONS) {
      const args = ['-m', 'kubernetes_validate', '--strict', '-k', version, file];
      const validated = run('python3', args, { ...process.env, PYTHONPATH: validate });
      expect(validated, validated.stdout + validated.stderr).toMatchObject({ status: 0 });
    }
  });

  test.each(VALUES)('gives the program configurations that it takes, with %s', (values) => {
    const configs = thingsOf(template(values).stdout).filter(({ kind }) => kind === 'ConfigMap');
    expect(configs.length).toBeGreaterThan(0);
    for (const { metadata, data } of configs) {
      const file = path.join(folder, `${values}-${metadata.name}.yaml`);
      writeFileSync(file, data?.['alpr.yaml'] ?? '');
      const secrets = {
        ALPR_DATABASE__URL: 'postgres://alpr:x@db/alpr',
        ALPR_IMAGES__ACCESS_KEY_ID: 'k',
        ALPR_IMAGES__SECRET_ACCESS_KEY: 's',
      };
      const config = loadConfig({ file, environment: secrets, settings: [] });
      expect(config).toMatchObject({ data: '/data', server: { host: '0.0.0.0' }, bus: { kind: 'kafka' } });
    }
  });

  test.each(VALUES)('starts only what %s asks for, each process with no right that it does not need', (values) => {
    const made = thingsOf(template(values).stdout);
    const pods = made.flatMap(({ metadata, spec }) => (spec?.template ? [{ metadata, ...spec.template.spec }] : []));
    for (const { containers, volumes } of pods) {
      expect(containers).toHaveLength(1);
      for (const { securityContext, volumeMounts } of containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        // A volume of a claim is not listed.
        const known = new Set([...volumes.map(({ name }) => name), 'data']);
        expect(volumeMounts.filter(({ name }) => !known.has(name))).toEqual([]);
      }
    }
    const asked = parse(readFileSync(path.join(CHART, 'ci', values), 'utf8')) as {
      sites?: readonly { name: string }[];
    };
    const edges = pods.filter(({ containers }) => containers[0]?.args[0] === 'edge');
    expect(edges).toHaveLength(asked.sites?.length ?? 0);
  });

  test('does not start a page that would answer a network without HTTPS', () => {
    const { status, stderr } = render();
    expect(status).not.toBe(0);
    expect(stderr).toContain('config.server.trusted_proxies');
  });
});
