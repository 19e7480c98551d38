import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Config, loadConfigHere } from '../app/config.ts';
import { AlprError } from '../base/errors.ts';

type ConfigFlags = Readonly<{ config?: string; set?: readonly string[]; port?: number; data?: string }>;

/** The configuration in force for a command: its own options win over the file and the environment. */
export function readConfig(command: Command): Config {
  const { config, set = [], port, data } = command.optsWithGlobals<ConfigFlags>();
  const settings = [...set];
  if (port !== undefined) settings.push(`server.port=${port}`);
  if (data !== undefined) settings.push(`data=${JSON.stringify(data)}`);
  return loadConfigHere(config, settings);
}

export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

export function splitList(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim());
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new AlprError('INPUT_INVALID', `Expected a port between 0 and 65535, got "${text}"`);
}

export function parseDate(text: string): Date {
  const date = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new AlprError('INPUT_INVALID', `Expected a date such as 2026-11-01, got "${text}"`);
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new AlprError('INPUT_INVALID', `Expected a whole number above 0, got "${text}"`);
}

/** Values of a file of lines such as `NAME=value`, as deploy/create-secrets.sh writes it. */
export async function readSecrets<Name extends string>(
  file: string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/);
  const found = names.map((name) => {
    const value = lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
    if (value) return [name, value];
    throw new AlprError('INPUT_INVALID', `Expected a line ${name}=… in ${file}`);
  });
  return Object.fromEntries(found);
}
