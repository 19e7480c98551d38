import { readFile, writeFile } from 'node:fs/promises';
import { isMap, parseDocument } from 'yaml';
import { stringifyYaml } from '../../src/base/yaml.ts';

type Settings = Readonly<Record<string, unknown>>;

/**
 * Writes the configuration that reaches the servers. A file that is there is the user's: it gets the parts that it lacks,
 * and with `renew`, after the servers forgot what they had, their new addresses; all else in it stays, comments too.
 */
export async function keepStackFile(
  file: string,
  settings: Settings,
  renew: boolean,
): Promise<'made' | 'kept' | 'changed'> {
  const before = await readIfThere(file);
  if (before === undefined) {
    await writeFile(file, stringifyYaml(settings), { mode: 0o600 });
    return 'made';
  }
  const document = parseDocument(before);
  const [fault] = document.errors;
  if (fault) throw new Error(`Expected ${file} to be YAML: ${fault.message}`);
  let hasChanged = false;
  for (const [part, value] of Object.entries(settings)) {
    const there = document.get(part);
    if (there === undefined) document.set(part, document.createNode(value));
    else if (renew && isMap(there) && isSettings(value) && there.get('kind') === value.kind) {
      for (const [name, one] of Object.entries(value)) there.set(name, document.createNode(one));
    } else continue;
    hasChanged = true;
  }
  if (!hasChanged) return 'kept';
  await writeFile(file, document.toString(), { mode: 0o600 });
  return 'changed';
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
