import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSigningKeyFile } from '../../../src/identity/signing-key.ts';
import { modelRegistryConfigSchema } from '../../../src/models/registry/config.ts';
import { openModelRegistry } from '../../../src/models/registry/open.ts';
import { makeSigned } from './make-version.ts';

test('A process trusts the key of its machine that is made while it runs', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'alpr-registry-'));
  const config = modelRegistryConfigSchema.parse({ kind: 'folder' });
  try {
    await using running = await openModelRegistry({ config, dataFolder });
    expect(await running.list()).toEqual([]);
    const key = await openSigningKeyFile(join(dataFolder, config.signing_key));
    await using version = await makeSigned('alpr-read', Buffer.from('weights'), key);
    await using other = await openModelRegistry({ config, dataFolder });
    await other.register(version.folder);
    const [listed] = await running.list();
    expect(listed).toMatchObject({ version: '1', fault: null });
    await running.setAlias('alpr-read', 'champion', '1');
  } finally {
    await rm(dataFolder, { recursive: true });
  }
});
