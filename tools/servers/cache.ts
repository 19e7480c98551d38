import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { PACKAGES, type Package, type ServerName } from './packages.ts';

/** Where installed servers are kept for every checkout of this user: OVR_ALPR_CACHE, else the system's cache folder. */
export function cacheFolder(): string {
  const { OVR_ALPR_CACHE, XDG_CACHE_HOME } = process.env;
  return OVR_ALPR_CACHE ?? path.join(XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'ovr-alpr', 'servers');
}

/** The folder of an installed package; it exists only whole. Its name changes with what the package is made of. */
export function packageFolder(one: Package): string {
  const hash = createHash('sha256').update(JSON.stringify(one));
  if (one.source !== undefined) hash.update(readFileSync(path.join(import.meta.dirname, one.source)));
  return path.join(cacheFolder(), `${one.name}-${one.version}-${hash.digest('hex').slice(0, 8)}`);
}

/** The folder of what a server is made of, the last of its packages. */
export function installedFolder(name: Exclude<ServerName, 'postgres'>): string {
  const last = PACKAGES[name].at(-1);
  if (last === undefined) throw new Error(`${name} is made of no package`);
  return packageFolder(last);
}

/** Why this server cannot be started here, or undefined when it is installed. Looks at the disk only. */
export function whyMissing(name: ServerName): string | undefined {
  if (process.platform === 'win32' && name !== 'postgres') return 'the real servers run on Linux and macOS only';
  const missing = PACKAGES[name].filter((one) => !existsSync(packageFolder(one)));
  if (missing.length === 0) return undefined;
  const names = missing.map((one) => `${one.name} ${one.version}`).join(', ');
  return `${names} is not in ${cacheFolder()}; "npm run stack -- --install" says why or installs it`;
}
