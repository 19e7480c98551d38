import type { Log } from '../base/log.ts';
import type { Part } from '../base/service.ts';
import type { Rule, Schedule } from '../contract/rule.ts';
import type { Sql } from '../db/sql.ts';
import type { KeyFile } from '../identity/key-file.ts';
import { decide } from '../rules/decide.ts';
import { Lookup } from '../rules/lookup.ts';
import { findOverstays } from '../rules/overdue.ts';
import { compileRules } from '../rules/rule-book.ts';
import { isScheduled } from '../rules/schedule.ts';
import { Zones } from '../rules/zones.ts';
import type { AlertsConfig } from './config.ts';
import type { AlertsMetrics } from './metrics.ts';
import { openRulesInForce } from './rules-in-force.ts';
import type { RuleBook } from './take-events.ts';
import { watchRulesFile } from './watch-rules-file.ts';

type Options = Readonly<{
  sql: Sql;
  log: Log;
  metrics: AlertsMetrics;
  config: Pick<AlertsConfig, 'rules_file' | 'secrets'>;
  keyFile: KeyFile;
}>;

export type OpenedRules = AsyncDisposable &
  Readonly<{
    book: () => RuleBook;
    isWithin: (schedule: Schedule, at: number) => boolean;
    /** Whether the file of rules is in force as it is. */
    part: Part;
  }>;

/** RULE_INVALID where a rule that fits its schema cannot be followed all the same, even one that is switched off. */
export function checkRule(rule: Rule): void {
  compileRules([{ ...rule, enabled: true }]);
}

/** The rules of the file and of the page, ready to be asked and kept up to date. */
export async function openRules({ sql, log, metrics, config, keyFile }: Options): Promise<OpenedRules> {
  await using opened = new AsyncDisposableStack();
  const { rules_file: file, secrets } = config;
  const given = { sql, log, metrics };
  const watched = opened.use(await watchRulesFile({ ...given, file, secrets, check: checkRule, keyFile }));
  const inForce = opened.use(await openRulesInForce({ ...given, compile: compileRules }));
  const [lookup, zones] = [new Lookup(sql), new Zones()];
  const closing = opened.move();
  return {
    book: () => {
      const { rules, compiled: book } = inForce.current();
      return {
        rules,
        decide: (events) => decide({ sql, book, events, lookup }),
        findOverstays: (now) => findOverstays({ sql, book, now, lookup }),
      };
    },
    isWithin: (schedule, at) => isScheduled(schedule, at, zones),
    part: watched.part,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
