import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { pause } from '../base/retry.ts';
import { type Rule, ruleSchema } from '../contract/rule.ts';
import type { Sql } from '../db/sql.ts';
import { type KeptRuleText, readRules, readRulesMark } from '../store/alerts/rules-in-force.ts';
import type { AlertsMetrics } from './metrics.ts';

/** How soon a changed rule is in force. */
const EVERY_MS = 1000;

/** Rules made ready to be asked. */
export type RulesOf<Compiled> = Readonly<{
  /** By their ids; those that are switched off are not there. */
  rules: ReadonlyMap<string, Rule>;
  compiled: Compiled;
}>;

type Options<Compiled> = Readonly<{
  sql: Sql;
  log: Log;
  metrics: Pick<AlertsMetrics, 'rules'>;
  /** Makes rules ready; RULE_INVALID for one that cannot be. */
  compile: (rules: readonly Rule[]) => Compiled;
}>;

export type RulesInForce<Compiled> = AsyncDisposable &
  Readonly<{
    current(): RulesOf<Compiled>;
    /** Looks for changes now. */
    refresh(): Promise<void>;
  }>;

/**
 * The rules of the page and of the file as the database has them, read again soon after one was changed. One that cannot be followed
 * is left out and named in the log. Rejects while the database is away.
 */
export async function openRulesInForce<Compiled>(options: Options<Compiled>): Promise<RulesInForce<Compiled>> {
  const { sql, log, metrics } = options;
  const closing = new AbortController();
  let mark: string | undefined;
  let current: RulesOf<Compiled> = { rules: new Map(), compiled: options.compile([]) };
  const refresh = async () => {
    const now = await readRulesMark(sql);
    if (now === mark) return;
    current = load(options, await readRules(sql));
    mark = now;
    metrics.rules.set(current.rules.size);
    log.info({ rules: current.rules.size }, 'rules are in force');
  };
  await refresh();
  const running = (async () => {
    while (!closing.signal.aborted) {
      await pause(EVERY_MS, closing.signal);
      await refresh().catch((err: unknown) => log.debug({ err }, 'rules cannot be read and stay as they are'));
    }
  })();
  return {
    current: () => current,
    refresh,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}

function load<Compiled>({ compile, log }: Options<Compiled>, texts: readonly KeptRuleText[]): RulesOf<Compiled> {
  const rules = texts.flatMap(({ id, rule, overrules }) => {
    if (overrules) log.warn({ rule: id }, 'a rule of the page has the id of one of the file, which counts');
    const result = ruleSchema.safeParse(rule);
    if (!result.success) log.error({ rule: id, err: result.error }, 'a rule does not fit and is left out');
    return result.success && result.data.enabled ? [result.data] : [];
  });
  const listed = (some: readonly Rule[]) => new Map(some.map((rule) => [rule.id, rule]));
  try {
    return { rules: listed(rules), compiled: compile(rules) };
  } catch (error) {
    if (!(error instanceof AlprError)) throw error;
    const good = rules.filter((rule) => {
      try {
        compile([rule]);
        return true;
      } catch (err) {
        log.error({ rule: rule.id, err }, 'a rule cannot be followed and is left out');
        return false;
      }
    });
    return { rules: listed(good), compiled: compile(good) };
  }
}
