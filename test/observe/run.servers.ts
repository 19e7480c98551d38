import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { queryPrometheus } from '../../tools/observe/prometheus.ts';
import { acceptsConnections } from '../../tools/servers/probes.ts';
import { STACK } from '../../tools/servers/running.ts';
import { describeWith } from '../servers/servers.ts';

const RUN = resolve(import.meta.dirname, '..', '..', 'tools', 'observe', 'run.ts');
const NEEDED = [...STACK, 'promtool', 'alertmanager', 'exporters', 'jaeger', 'victoria-logs'] as const;
const patient = { timeout: 120_000, interval: 500 };

describeWith(NEEDED, 'npm run observe', () => {
  test('prints addresses that all answer, with metrics, traces and logs of every process behind them', async () => {
    await using opened = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'observe-'));
    opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const child = spawn(process.execPath, [RUN, '--data', join(folder, 'kept')], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'exit');
    opened.defer(async () => {
      if (child.exitCode === null && child.kill('SIGTERM')) await ended;
    });
    let [printed, said] = ['', ''];
    child.stdout.on('data', (text) => {
      printed += text;
    });
    child.stderr.on('data', (text) => {
      said += text;
    });
    await expect
      .poll(() => `${printed}${child.exitCode === null ? '' : said}`, { timeout: 400_000 })
      .toContain('Ctrl-C');
    const addresses = new Map(
      [...printed.matchAll(/^ {2}(.+?) {2,}(\S+)/gm)].map(([, title = '', at = '']) => [title, at]),
    );
    expect(addresses.size).toBe(15);
    for (const [title, address] of addresses) expect(await reach(address), `${title} at ${address}`).toBe(true);

    const at = (title: string) => addresses.get(title) ?? expect.unreachable(title);
    const listDown = async () => (await queryPrometheus(at('Prometheus'), 'up == 0')).map(({ labels }) => labels.job);
    await expect.poll(listDown, patient).toEqual([]);
    const services = async () => {
      const answer = await fetch(`${at('Jaeger')}/api/services`);
      return ((await answer.json()) as { data: readonly string[] | null }).data ?? [];
    };
    await expect.poll(services, patient).toEqual(expect.arrayContaining(['alerts', 'edge', 'index', 'ingest']));
    const countLines = async (service: string) => {
      const query = encodeURIComponent(`{service="${service}"}`);
      return (await (await fetch(new URL(`/select/logsql/query?query=${query}`, at('VictoriaLogs')))).text()).length;
    };
    await expect.poll(() => countLines('ingest'), patient).toBeGreaterThan(0);

    child.kill('SIGINT');
    expect((await ended)[0]).toBe(0);
  }, 900_000);
});

/** Whether a page answers with what is no failure of its own, or anything else takes connections. */
async function reach(address: string): Promise<boolean> {
  if (address.startsWith('http')) {
    const { status } = await fetch(address, { signal: AbortSignal.timeout(20_000) });
    return status < 500;
  }
  const [, port] = /127\.0\.0\.1:(\d+)/.exec(address) ?? [];
  return acceptsConnections(Number(port));
}
