import { existsSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { pause } from '../base/retry.ts';
import type { Part } from '../base/service.ts';
import { splitSecrets } from '../contract/channel-secrets.ts';
import type { Rule } from '../contract/rule.ts';
import type { Sql } from '../db/sql.ts';
import type { KeyFile } from '../identity/key-file.ts';
import { parseRulesFile, type RulesFile } from '../rules/parse-rules-file.ts';
import { type ChannelText, keepRulesFile, noteRulesFileFault } from '../store/alerts/rules-file.ts';
import { DEFAULT_RULES_FILE } from './config.ts';
import type { AlertsMetrics } from './metrics.ts';

/** Network drives tell of no change. */
const EVERY_MS = 2000;
/** An editor writes in several steps. */
const SETTLE_MS = 50;

type Options = Readonly<{
  /** As configured; undefined for the default file, which need not be there. */
  file: string | undefined;
  secrets: Readonly<Record<string, string>>;
  check: (rule: Rule) => void;
  keyFile: Pick<KeyFile, 'seal' | 'unseal'>;
  sql: Sql;
  log: Log;
  metrics: Pick<AlertsMetrics, 'fileFaulty'>;
}>;

export type WatchedRulesFile = AsyncDisposable & Readonly<{ part: Part }>;

/**
 * Brings the rules and channels of the file into the database whenever it changes. A file with an error changes nothing there but the
 * note of it. The first time is waited for.
 */
export async function watchRulesFile(options: Options): Promise<WatchedRulesFile> {
  const { log, metrics } = options;
  const path = resolve(options.file ?? DEFAULT_RULES_FILE);
  const closing = new AbortController();
  let waiting = new AbortController();
  let known: string | undefined;
  let fault: string | undefined;
  const look = async () => {
    try {
      const found = await read(path, options.file !== undefined);
      if (JSON.stringify(found) === known) return;
      fault = await take(options, path, found);
      known = JSON.stringify(found);
      metrics.fileFaulty.set(fault === undefined ? 0 : 1);
      if (fault !== undefined)
        log.error({ file: path, fault }, 'the file of rules has an error; the previous rules stay');
      else if (found.text !== undefined) log.info({ file: path }, 'the file of rules is read');
    } catch (err) {
      log.warn({ err, file: path }, 'the file of rules cannot be taken and is tried again');
    }
  };
  await look();
  const watcher = watchFolder(path, () => waiting.abort());
  const running = (async () => {
    while (!closing.signal.aborted) {
      await pause(EVERY_MS, AbortSignal.any([closing.signal, waiting.signal]));
      waiting = new AbortController();
      await pause(SETTLE_MS, closing.signal);
      if (!closing.signal.aborted) await look();
    }
  })();
  return {
    part: {
      name: 'rules_file',
      dependence: 'useful',
      check: async () => (fault === undefined ? { ok: true } : { ok: false, message: fault }),
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      watcher?.close();
      await running;
    },
  };
}

type Found = Readonly<{ text?: string; fault?: string }>;

/** Neither where there is no file and need not be one. */
async function read(path: string, isNeeded: boolean): Promise<Found> {
  if (!isNeeded && !existsSync(path)) return {};
  try {
    return { text: await readFile(path, 'utf8') };
  } catch (error) {
    return { fault: `The file of rules cannot be read: ${messageOf(error)}` };
  }
}

/** Resolves to what is wrong with the file; rejects while the database is away. */
async function take(options: Options, path: string, found: Found): Promise<string | undefined> {
  const { sql } = options;
  const content = found.text === undefined ? found : parse(found.text, options);
  if (content.fault !== undefined) await noteRulesFileFault(sql, { path, fault: content.fault });
  else if (!('rules' in content)) await keepRulesFile(sql, undefined);
  else {
    const channels = content.channels.map((channel) => toText(channel, options.keyFile));
    await keepRulesFile(sql, { path, rules: content.rules, channels });
  }
  return content.fault;
}

function parse(text: string, parsing: Options): Found | (RulesFile & Readonly<{ fault?: undefined }>) {
  try {
    return parseRulesFile(text, parsing);
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

/** A secret that stays the same is not sealed anew, so that nothing changes. */
function toText(channel: Readonly<{ id: string }>, keyFile: Options['keyFile']): ChannelText {
  const { shown, secrets } = splitSecrets(channel);
  const text = JSON.stringify(secrets);
  const isKept = (kept: Uint8Array) => {
    try {
      return keyFile.unseal(kept).toString('utf8') === text;
    } catch {
      return false;
    }
  };
  const seal = (kept: Uint8Array | null) => {
    if (text === '{}') return null;
    return kept && isKept(kept) ? kept : keyFile.seal(Buffer.from(text));
  };
  return { id: channel.id, channel: shown, seal };
}

/** The folder, not the file: editors put a new file in its place. Undefined where it cannot be watched. */
function watchFolder(path: string, onChange: () => void) {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_, name) => {
      if (name === null || name === basename(path)) onChange();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
