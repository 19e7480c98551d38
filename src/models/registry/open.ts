import { resolve } from 'node:path';
import type { ModelRegistryConfig } from './config.ts';
import { createModelRegistry } from './create-registry.ts';
import type { ModelRegistry } from './registry.ts';
import { addOwnKey, loadTrustedKeys } from './trusted-keys.ts';
import type { VersionStore } from './version-store.ts';

/** Opens the registry that the configuration names. A relative folder lies below `dataFolder`. */
export async function openModelRegistry({
  config,
  dataFolder,
}: Readonly<{ config: ModelRegistryConfig; dataFolder: string }>): Promise<ModelRegistry> {
  const trusted = await loadTrustedKeys(config, dataFolder);
  const registry = createModelRegistry(await openStore(config, dataFolder), trusted);
  return {
    ...registry,
    // The first `alpr models key` may come while this process runs; what it signs is then used without a restart.
    list: async () => {
      await addOwnKey(trusted, config, dataFolder);
      return registry.list();
    },
  };
}

async function openStore(config: ModelRegistryConfig, dataFolder: string): Promise<VersionStore> {
  switch (config.kind) {
    case 'folder': {
      const { openFolderStore } = await import('./folder.ts');
      return openFolderStore(resolve(dataFolder, config.folder));
    }
    case 'mlflow': {
      const { openMlflowStore } = await import('./mlflow.ts');
      return openMlflowStore(config);
    }
  }
}
