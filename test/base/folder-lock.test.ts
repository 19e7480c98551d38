import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockFolder } from '../../src/base/folder-lock.ts';
import { createLog } from '../../src/base/log.ts';
import { runEdge } from '../../src/edge/edge.ts';
import { imagesConfigSchema } from '../../src/images/config.ts';
import { openFileImages } from '../../src/images/files.ts';
import { openImages } from '../../src/images/open.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { createEdgeOptions } from '../edge/edge-options.ts';

const MODULE = path.join(import.meta.dirname, '..', '..', 'src', 'base', 'folder-lock.ts');
const log = createLog({ level: 'silent' });
let data: string;

beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'alpr-lock-'));
});
afterEach(() => rm(data, { recursive: true }));

/** Another process that has the folder until it is killed. */
async function holdElsewhere(folder: string, name = 'in-use-by') {
  const locking = `import(${JSON.stringify(MODULE)}).then(({ lockFolder }) => lockFolder(...${JSON.stringify([folder, name])}))`;
  const child = spawn(process.execPath, [
    '-e',
    `${locking}.then(() => console.log('locked')); setInterval(() => {}, 1000)`,
  ]);
  await once(child.stdout, 'data');
  return {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('A folder that one process owns', () => {
  test('is refused to a second one with the name of the first, and free again once that is killed', async () => {
    {
      await using holder = await holdElsewhere(data);
      await expect(lockFolder(data)).rejects.toMatchObject({
        code: 'ALREADY_RUNNING',
        message: expect.stringContaining(`process ${holder.pid} uses it`),
      });
    }
    const lock = await lockFolder(data);
    await lock[Symbol.asyncDispose]();
    expect(await readdir(data)).toEqual([]);
  });

  test('goes to exactly one of many that find the lock of a killed one', async () => {
    await (await holdElsewhere(data))[Symbol.asyncDispose]();
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(data)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('Two programs on one data folder', () => {
  test('a second edge is refused before it ends the passages of the first', async () => {
    await using bus = await openInProcessBus([]);
    await using images = await openFileImages(path.join(data, 'images'));
    const folder = path.join(data, 'edge');
    const createPipeline = () => expect.unreachable();
    const open = () => runEdge(createEdgeOptions({ cameras: [], createPipeline, bus, images, folder }));
    {
      await using holder = await holdElsewhere(folder);
      await expect(open()).rejects.toMatchObject({
        code: 'ALREADY_RUNNING',
        message: expect.stringContaining(`process ${holder.pid} uses it`),
      });
      expect(await readdir(folder)).toEqual(['in-use-by']);
    }
    await using _first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
  });

  test('pictures that wait belong to one of them, and the lock is no picture', async () => {
    const config = imagesConfigSchema.parse({
      kind: 's3',
      endpoint: 'http://127.0.0.1:9',
      bucket: 'pictures',
      access_key_id: 'key',
      secret_access_key: 'secret',
    });
    const uploads = { telemetry: new Telemetry(), log, retentionDays: null };
    const open = () => openImages({ config, dataFolder: data, uploads });
    {
      await using _holder = await holdElsewhere(path.join(data, 'pictures-waiting'), '.in-use-by');
      await expect(open()).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    }
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    expect(await uploads.telemetry.format()).toMatchObject({
      text: expect.stringContaining('alpr_pictures_waiting 0'),
    });
    await first[Symbol.asyncDispose]();
    await (await open())[Symbol.asyncDispose]();
  });
});
