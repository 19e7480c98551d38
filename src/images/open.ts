import path from 'node:path';
import type { ImagesConfig } from './config.ts';
import type { Images } from './images.ts';

type ImagesOptions = Readonly<{ config: ImagesConfig; dataFolder: string }>;

/** Opens the image store that the configuration names. A relative folder lies below `dataFolder`. */
export async function openImages({ config, dataFolder }: ImagesOptions): Promise<Images> {
  switch (config.kind) {
    case 'files': {
      const { openFileImages } = await import('./files.ts');
      return openFileImages(path.resolve(dataFolder, config.folder));
    }
  }
}
