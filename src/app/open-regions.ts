import { existsSync } from 'node:fs';
import { AlprError } from '../base/errors.ts';
import { readFormats } from '../models/formats.ts';
import type { RegionOptions } from '../vision/options/regions.ts';
import type { RegionKnowledge } from '../vision/regions/region-answer.ts';
import { createRegionKnowledge } from '../vision/regions/region-knowledge.ts';
import { coversRegion } from '../vision/regions/region-prior.ts';

/** Reads the number formats from the first of `files` that is there; CONFIG_INVALID for an expected region without a format. */
export async function openRegions(files: readonly string[], options: RegionOptions): Promise<RegionKnowledge> {
  const [file = ''] = [...files.filter((file) => existsSync(file)), ...files];
  const forms = await readFormats(file);
  const codes = [...new Set(forms.map(({ region }) => region))].sort();
  const unknown = Object.keys(options.expected).filter((code) => !codes.some((region) => coversRegion(code, region)));
  if (unknown.length > 0) {
    const message = `vision.regions.expected names [${unknown.join(', ')}], for which there is no format. Expected codes of: ${codes.join(' ')}`;
    throw new AlprError('CONFIG_INVALID', message);
  }
  return createRegionKnowledge(forms, options);
}
