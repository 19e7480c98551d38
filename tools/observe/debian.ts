import { installedFolder } from '../servers/cache.ts';

const WITH_ITS_FILES = 'mount --bind "$0/usr/share" /usr/share && exec "$0/usr/bin/$@"';

/**
 * The beginning of a command: Debian's programs find their pages and templates below /usr/share alone, so each gets its own there,
 * and nobody else does.
 */
export function withItsFiles(
  server: 'alertmanager' | 'promtool',
  program: string,
): readonly [string, ...(readonly string[])] {
  const apart = ['--user', '--map-root-user', '--mount'];
  return ['unshare', ...apart, 'sh', '-c', WITH_ITS_FILES, installedFolder(server), program];
}
