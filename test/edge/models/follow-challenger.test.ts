import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ChallengerSync } from '../../../src/edge/models/follow-challenger.ts';
import { createModelRegistry } from '../../../src/models/registry/create-registry.ts';
import { openFolderStore } from '../../../src/models/registry/folder.ts';
import { keepLog } from '../../camera/log.ts';
import { makeKey, makeSigned, trust } from '../../models/registry/make-version.ts';

test('A challenger with an unknown key does not read, the log says so once, and it reads as soon as its key is trusted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'challenger-'));
  try {
    const key = makeKey();
    const open = (trusted = trust(key)) => createModelRegistry(openFolderStore(join(folder, 'registry')), trusted);
    await using signed = await makeSigned('alpr-read', Buffer.from('weights'), key);
    await open().register(signed.folder);
    await open().setAlias('alpr-read', 'challenger', '1');
    const used: (string | undefined)[] = [];
    const shadow = { use: async (place: string | undefined) => void used.push(place) };
    const log = keepLog();
    const sync = new ChallengerSync({ shadow, registry: open(), folder: join(folder, 'challenger'), log });
    const { signal } = new AbortController();
    for (const _ of [1, 2]) await sync.follow(await open(trust()).list(), signal);
    expect(used).toEqual([undefined]);
    expect(log.lines).toEqual([expect.stringMatching(/^a challenger must not be used .*"version":"1".*trusted_keys/)]);
    await sync.follow(await open().list(), signal);
    expect(used.at(-1)).toMatch(/challenger\/alpr-read-[0-9a-f]{12}$/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
