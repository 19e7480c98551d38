import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { alertsConfigSchema } from '../alerts/config.ts';
import { apiConfigSchema } from '../api/config.ts';
import { auditConfigSchema } from '../audit/config.ts';
import { AlprError, messageOf } from '../base/errors.ts';
import { parseYaml, stringifyYaml } from '../base/yaml.ts';
import { busConfigSchema } from '../bus/config.ts';
import { camerasConfigSchema } from '../camera/config.ts';
import { channelsConfigSchema } from '../channels/config.ts';
import { dbConfigSchema } from '../db/config.ts';
import { edgeConfigSchema } from '../edge/config.ts';
import { visionConfigSchema } from '../edge/vision-config.ts';
import { accountsConfigSchema } from '../identity/config.ts';
import { imagesConfigSchema } from '../images/config.ts';
import { ingestConfigSchema } from '../ingest/config.ts';
import { modelsConfigSchema } from '../models/config.ts';
import { privacyConfigSchema } from '../privacy/config.ts';
import { reviewConfigSchema } from '../review/config.ts';
import { searchConfigSchema } from '../search/config.ts';
import { healthConfigSchema, metricsConfigSchema } from '../telemetry/config.ts';
import { tracingConfigSchema } from '../telemetry/tracing/config.ts';

const siteSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected 1–64 letters, digits, dots, dashes or underscores')
      .default('home')
      .describe('Name of this site in every event and in the keys of its pictures.'),
  })
  .prefault({})
  .describe('Where this installation is.');

const logSchema = z
  .strictObject({
    level: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .describe('Least severe lines that are written to standard error.'),
    format: z
      .enum(['auto', 'text', 'json'])
      .default('auto')
      .describe(
        'How lines are written: `text` for people, `json` for programs. With `auto` a terminal gets text, and a pipe or a file JSON.',
      ),
  })
  .prefault({})
  .describe('What the program says of its work.');

/** The whole configuration: every folder owns its part. */
export const configSchema = z.strictObject({
  data: z.string().min(1).default('data').describe('Folder for everything that is kept: database, pictures, spool.'),
  site: siteSchema,
  log: logSchema,
  cameras: camerasConfigSchema.prefault([{ kind: 'simulator', id: 'demo', name: 'Simulated road' }]),
  models: modelsConfigSchema,
  vision: visionConfigSchema,
  edge: edgeConfigSchema,
  bus: busConfigSchema,
  ingest: ingestConfigSchema,
  alerts: alertsConfigSchema,
  channels: channelsConfigSchema,
  metrics: metricsConfigSchema,
  health: healthConfigSchema,
  tracing: tracingConfigSchema,
  database: dbConfigSchema,
  images: imagesConfigSchema,
  search: searchConfigSchema,
  review: reviewConfigSchema,
  privacy: privacyConfigSchema,
  server: apiConfigSchema,
  audit: auditConfigSchema,
  accounts: accountsConfigSchema,
});

export type Config = Readonly<z.infer<typeof configSchema>>;

/** Where configuration comes from, weakest first: the file, the environment, `path=value` settings of the command line. */
export type ConfigSources = Readonly<{
  /** Without it `alpr.yaml` in the working folder is read where it exists. */
  file?: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
  settings: readonly string[];
}>;

/** The page that lists every setting, from the folder of the program. */
export const CONFIGURATION_PAGE = 'docs/reference/configuration.md';

const DEFAULT_FILE = 'alpr.yaml';
const PREFIX = 'ALPR_';

/** defaults < file < environment < flags, checked as one; CONFIG_INVALID names each path and what was expected there. */
export function loadConfig(sources: ConfigSources): Config {
  const tree = readFile(sources.file);
  for (const [name, value] of Object.entries(sources.environment)) {
    if (!name.startsWith(PREFIX) || value === undefined) continue;
    setPath(tree, name.slice(PREFIX.length).toLowerCase().split('__'), parseScalar(value));
  }
  for (const setting of sources.settings) {
    const [path, ...rest] = setting.split('=');
    if (!path || rest.length === 0) {
      throw new AlprError(
        'CONFIG_INVALID',
        `Expected --set path=value, for example server.port=8080; got "${setting}"`,
      );
    }
    setPath(tree, path.split('.'), parseScalar(rest.join('=')));
  }
  refuseMoved(tree);
  const result = configSchema.safeParse(tree);
  if (!result.success) throw new AlprError('CONFIG_INVALID', describeIssues(result.error));
  return deepFreeze(result.data);
}

/** The environment, which nothing but this file reads. */
export function loadConfigHere(file: string | undefined, settings: readonly string[]): Config {
  return loadConfig({ file, environment: process.env, settings });
}

/** Any part of a configuration as YAML. */
export function formatYaml(value: unknown): string {
  return stringifyYaml(value);
}

type Tree = { [key: string]: unknown };

function readFile(file: string | undefined): Tree {
  const path = resolve(file ?? DEFAULT_FILE);
  if (file === undefined && !existsSync(path)) return {};
  try {
    const tree: unknown = parseYaml(readFileSync(path, 'utf8')) ?? {};
    if (isTree(tree)) return tree;
  } catch (cause) {
    const why = messageOf(cause).split('\n')[0];
    throw new AlprError('CONFIG_INVALID', `The configuration file ${path} cannot be read: ${why}`, { cause });
  }
  throw new AlprError('CONFIG_INVALID', `Expected keys and values in ${path}, for example "site: {id: home}"`);
}

function isTree(value: unknown): value is Tree {
  return isBranch(value) && !Array.isArray(value);
}

/** A number in the path is a place in a list: `cameras.0.url`. */
function setPath(tree: Tree, [key = '', next, ...rest]: readonly string[], value: unknown): void {
  if (next === undefined) {
    tree[key] = value;
    return;
  }
  if (!isBranch(tree[key])) tree[key] = /^\d+$/.test(next) ? [] : {};
  const branch = tree[key];
  if (isBranch(branch)) setPath(branch, [next, ...rest], value);
}

/** Keys and values, or a list. */
function isBranch(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

function parseScalar(text: string): unknown {
  try {
    return parseYaml(text);
  } catch {
    return text;
  }
}

/** Paths and expectations only: a value may be a password. */
function describeIssues(error: z.ZodError): string {
  const lines = error.issues.flatMap((issue) => describeIssue(issue, issue.path));
  return ['The configuration does not fit:', ...lines.map((line) => `  ${line}`)].join('\n');
}

function describeIssue(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): readonly string[] {
  const name = path.join('.') || '(top)';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...path, key].join('.')}: unknown key; see ${CONFIGURATION_PAGE}`);
  }
  return [`${name}: ${issue.message}`];
}

/** Settings under the name that they had before, each with the one that it has now. */
const MOVED = {
  'database.retention_days': 'privacy.retention.events_days',
  'search.retention_days': 'privacy.retention.events_days',
  'images.retention_days': 'privacy.retention.pictures_days',
} as const;

/** A setting that was moved would only be an unknown key. */
function refuseMoved(tree: Tree): void {
  const lines = Object.entries(MOVED).flatMap(([name, now]) => {
    const [folder = '', key = ''] = name.split('.');
    const branch = tree[folder];
    return isTree(branch) && key in branch ? [`  ${name}: it is ${now} now; move its value there`] : [];
  });
  if (lines.length > 0) throw new AlprError('CONFIG_INVALID', ['The configuration does not fit:', ...lines].join('\n'));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) deepFreeze(child);
    Object.freeze(value);
  }
  return value;
}
