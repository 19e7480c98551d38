import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { openImages } from '../../src/images/open.ts';
import { describeWith } from './servers.ts';

const PROGRAM = path.resolve(import.meta.dirname, '..', '..', 'tools', 'servers', 'run.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'ovr-alpr-stack-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeWith(['s3'], 'npm run stack', () => {
  test('starts what is asked, says how to try it, writes a configuration that reaches it, keeps the data, starts again what died, and stops at Ctrl-C', async () => {
    const first = await startStack();
    expect(first.output).toMatch(/Try it:\n {2}npx alpr start --config .*alpr\.yaml\n/);
    const config = loadConfig({ file: path.join(folder, 'alpr.yaml'), environment: {}, settings: [] });
    const images = await openImages({ config: config.images, dataFolder: config.data });
    await images.put('a/b.jpg', Buffer.from('kept'), 'image/jpeg');
    expect(await countDatabases(config.database)).toBe(1);
    expect(config.bus.kind).toBe('memory');
    expect(await first.end()).toBe(0);
    await expect(images.get('a/b.jpg')).rejects.toMatchObject({ code: 'IMAGES_UNAVAILABLE' });

    const file = path.join(folder, 'alpr.yaml');
    appendFileSync(file, '# ours\nsite: { id: yard }\n');
    const mine = readFileSync(file, 'utf8');
    const second = await startStack();
    expect(readFileSync(file, 'utf8')).toBe(mine);
    const again = loadConfig({ file: path.join(folder, 'alpr.yaml'), environment: {}, settings: [] });
    const kept = await (await openImages({ config: again.images, dataFolder: again.data })).get('a/b.jpg');
    expect(Buffer.from(kept?.bytes ?? []).toString()).toBe('kept');

    // A server that died is started again, on the same port.
    const pid = readFileSync(path.join(folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0];
    process.kill(Number(pid), 'SIGKILL');
    await expect(countDatabases(again.database)).rejects.toThrow();
    await expect.poll(() => countDatabases(again.database), { timeout: 30_000, interval: 500 }).toBe(1);
    expect(await second.end()).toBe(0);
    expect(existsSync(path.join(folder, 'in-use-by'))).toBe(false);
  }, 180_000);

  test('refuses names that it does not know, and says which there are', async () => {
    const child = spawn(process.execPath, [PROGRAM, '--only', 'kafka,rabbit'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [chunk] = await once(child.stderr, 'data');
    expect(String(chunk)).toMatch(/out of kafka, registry, postgres, s3, opensearch, got "rabbit"/);
  });
});

async function startStack(): Promise<{ output: string; end: () => Promise<number> }> {
  const args = [PROGRAM, '--only', 'postgres,s3', '--data', folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const ended = once(child, 'exit');
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.includes('Ctrl-C')) break;
  }
  expect(readFileSync(path.join(folder, 'alpr.yaml'), 'utf8')).toContain('secret_access_key');
  return {
    output,
    end: async () => {
      child.kill('SIGINT');
      return (await ended)[0];
    },
  };
}

async function countDatabases(config: ReturnType<typeof loadConfig>['database']): Promise<number | undefined> {
  if (config.kind !== 'postgres') return undefined;
  const client = new pg.Client({ connectionString: config.url });
  await client.connect();
  const { rows } = await client.query("SELECT count(*)::int AS count FROM pg_database WHERE datname = 'alpr'");
  await client.end();
  return rows[0].count;
}
