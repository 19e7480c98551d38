import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where this program itself lies: the folder of package.json. */
export const PROGRAM_FOLDER = resolve(import.meta.dirname, '..', '..');

/** The version of package.json. */
export const VERSION: string = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
).version;
