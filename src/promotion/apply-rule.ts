import type { Log } from '../base/log.ts';
import { pause } from '../base/retry.ts';
import type { Judgement, ModelDecision } from '../contract/api/models.ts';
import type { Sql, SqlSession } from '../db/sql.ts';
import type { Auditor } from '../identity/audit-entry.ts';
import type { ModelRegistry, ModelVersion } from '../models/registry/registry.ts';
import { listDecisions } from '../store/models/decisions.ts';
import { countShadowReads, listShadowPairs } from '../store/models/shadow-reads.ts';
import { takeTurn } from '../store/models/turn.ts';
import type { PromotionConfig } from './config.ts';
import { judgeChallenger } from './judge.ts';
import { rollOut } from './roll-out.ts';

const EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;

export type RuleOptions = Readonly<{
  sql: Sql;
  registry: ModelRegistry;
  audit: Auditor;
  rule: PromotionConfig;
  log: Log;
  now?: () => number;
}>;

/** Applies the rule once a minute, in one of all processes that do; nothing where it is off. */
export function openRule(options: RuleOptions): AsyncDisposable {
  const closing = new AbortController();
  const running = (async () => {
    while (options.rule.automatic && !closing.signal.aborted) {
      await applyRule(options).catch((err: unknown) =>
        options.log.warn({ err }, 'challengers cannot be judged; trying again'),
      );
      await pause(EVERY_MS, closing.signal);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}

/** Promotes better challengers, the chosen cameras first, and refuses worse ones. Nothing where another process does so now. */
export async function applyRule(options: RuleOptions): Promise<void> {
  await takeTurn(options.sql, async (session) => {
    const versions = await options.registry.list();
    // One that may not be used can be neither promoted nor tried; it must not keep the others waiting.
    for (const version of versions.filter(({ aliases, fault }) => fault === null && aliases.includes('challenger'))) {
      const champion = versions.find(({ model, aliases }) => model === version.model && aliases.includes('champion'));
      const judgement = await judge(options, version, champion);
      if (judgement) await act(options, session, { version, judgement });
    }
  });
}

/** The challenger against the champion or, where there is none in the registry, against whoever read beside it last. */
async function judge(
  { sql, rule }: RuleOptions,
  { model, id: challenger }: ModelVersion,
  champion: ModelVersion | undefined,
): Promise<Judgement | undefined> {
  const pairs = await listShadowPairs(sql, model, undefined);
  const pair = pairs.find((one) => one.challenger === challenger && (!champion || one.reader === champion.id));
  if (!pair) return undefined;
  const { total } = await countShadowReads(sql, { ...pair, scope: undefined });
  return judgeChallenger(total, rule);
}

type Judged = Readonly<{ version: ModelVersion; judgement: Judgement }>;

async function act(options: RuleOptions, session: SqlSession, { version, judgement }: Judged): Promise<void> {
  const { registry, audit, log } = options;
  const step = await decide(options, session, { version, judgement });
  if (!step) return;
  const decision = { model: version.model, version: version.version, ...step, by: null, figures: judgement };
  const { verdict: _, ...figures } = judgement;
  const query = { model: decision.model, version: decision.version, do: step.action, ...figures };
  await audit.record({
    ...{ at: new Date(), action: 'change', operation: 'applyModelRule', from: 'ovr-alpr', status: 200, query },
    who: { kind: 'system', id: 'ovr-alpr', name: 'ovr-alpr' },
    ...{ purpose: undefined, caseNumber: undefined, plates: [], results: undefined },
  });
  await rollOut({ sql: session, registry, decision });
  log.info({ ...query, id: version.id }, 'a challenger is judged by its reviewed differences');
}

/** What the rule does now. Cameras that run it first run it for their hours, also where a person chose them. */
async function decide(
  { rule, now = Date.now }: RuleOptions,
  session: SqlSession,
  { version, judgement }: Judged,
): Promise<(Pick<ModelDecision, 'cameras'> & Readonly<{ action: 'promote' | 'canary' | 'refuse' }>) | undefined> {
  if (judgement.verdict === 'open') return undefined;
  if (judgement.verdict === 'worse') return { action: 'refuse', cameras: [] };
  const cameras = version.canaryCameras.length > 0 ? version.canaryCameras : rule.canary_cameras;
  if (cameras.length === 0) return { action: 'promote', cameras: [] };
  const decisions = await listDecisions(session, version.model);
  const begun = decisions.find((one) => one.version === version.version && one.action === 'canary');
  if (version.canaryCameras.length === 0 || !begun) return { action: 'canary', cameras };
  const isOver = now() - Date.parse(begun.at) >= rule.canary_hours * HOUR_MS;
  return isOver ? { action: 'promote', cameras: [] } : undefined;
}
