import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AlprError } from '../base/errors.ts';
import { parseYaml } from '../base/yaml.ts';

const FOLDER = path.resolve(import.meta.dirname, '..', '..', 'channel-presets');

const presetSchema = z.strictObject({
  name: z.string().min(1),
  help: z.string().min(1),
  asks: z.record(z.string(), z.string()),
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).default({}),
  content_type: z.string().default('application/json'),
  body: z.string().min(1),
});

/** What a webhook sends to a service that is known by name: templates, not code. */
export type Preset = Readonly<z.infer<typeof presetSchema>>;

/** The preset of a file in `channel-presets/`; CONFIG_INVALID when there is none. */
export async function readPreset(id: string): Promise<Preset> {
  const file = path.join(FOLDER, `${id}.yaml`);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const parsed = text === undefined ? undefined : presetSchema.safeParse(parseYaml(text));
  if (parsed?.success) return parsed.data;
  throw new AlprError('CONFIG_INVALID', `Expected a preset in ${file}; its README lists what there is`);
}
