import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AnyService } from '../../app/services.ts';
import { PROGRAM_FOLDER } from '../../app/version.ts';
import { AlprError } from '../../base/errors.ts';
import { renderUnit, type UnitOptions } from './unit.ts';

export type InstallFlags = Readonly<{ data: string; user: string; devices: string; out: string }>;

const SUMMARY = 'cameras, storage, search, API and page';

/** Writes one unit for each name, and says what to do with them. */
export async function installServices(
  names: readonly string[],
  services: readonly AnyService[],
  flags: InstallFlags & Readonly<{ config: string }>,
): Promise<void> {
  const summaries = new Map([['start', SUMMARY], ...services.map(({ name, summary }) => [name, summary] as const)]);
  const unknown = names.filter((name) => !summaries.has(name));
  if (unknown.length > 0)
    throw new AlprError('INPUT_INVALID', `Expected ${[...summaries.keys()].join(', ')}; got ${unknown.join(', ')}`);
  const { devices, user, out } = flags;
  if (devices !== 'none' && devices !== 'video' && devices !== 'jetson')
    throw new AlprError('INPUT_INVALID', `Expected --devices none, video or jetson; got ${devices}`);
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user))
    throw new AlprError('INPUT_INVALID', 'Expected --user with the name of an account, such as alpr');
  await mkdir(out, { recursive: true });
  const [config, data] = [resolve(flags.config), resolve(flags.data)];
  const common = { node: process.execPath, program: PROGRAM_FOLDER, config, data, user, devices } as const;
  for (const name of names) {
    const unit: UnitOptions = { ...common, name, summary: summaries.get(name) ?? '' };
    const path = join(out, `alpr-${name}.service`);
    await writeFile(path, renderUnit(unit), { mode: 0o644 });
    process.stdout.write(`${path}\n`);
  }
  process.stdout.write(sayNext(names, { ...common, out }));
}

function sayNext(
  names: readonly string[],
  { user, config, data, out }: Readonly<{ user: string; config: string; data: string; out: string }>,
): string {
  const units = names.map((name) => `alpr-${name}`).join(' ');
  return [
    '',
    'Next, as root:',
    `  useradd --system --home-dir ${data} --shell /usr/sbin/nologin ${user}    # once`,
    `  install -D -m 0640 -g ${user} alpr.yaml ${config}`,
    `  systemd-analyze security --offline=yes ${join(out, `alpr-${names[0]}.service`)}`,
    `  systemctl daemon-reload && systemctl enable --now ${units}`,
    `  journalctl -f -u alpr-${names[0]}`,
    '',
  ].join('\n');
}
