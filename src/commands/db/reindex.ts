import type { Config } from '../../app/config.ts';
import { waitForSignal } from '../../app/run.ts';
import { createLog, type Log } from '../../base/log.ts';
import { startProgress } from '../../base/progress.ts';
import { openDatabase } from '../../db/open.ts';
import { openRebuild, type Patience, rebuildIndex } from '../../indexer/rebuild-index.ts';
import { openSearchIndex } from '../../search/open.ts';
import { countEvents } from '../../store/events.ts';

/**
 * Rebuilds the search index from the database into new indices and switches to them. While the cluster is away it waits and
 * tries again. A rebuild that was stopped goes on where it was; the exit code is 1 when it was stopped or events were refused.
 */
export async function reindex(config: Config): Promise<number> {
  const log = createLog(config.log);
  await using opened = new AsyncDisposableStack();
  const index = opened.use(await openSearchIndex(config.search, config.privacy.retention.events_days));
  const { sql } = opened.use(
    await openDatabase({ config: config.database, dataFolder: config.data, log, isShared: true }),
  );
  const patience = openPatience(log);
  const onPrepared = (retention: string) => log.info({ retention }, 'the search index is prepared');
  const rebuild = await openRebuild(index, { ...patience, onPrepared });
  if (!rebuild) {
    print('Stopped before the rebuild was begun.');
    return 1;
  }
  const { done } = rebuild.state;
  const total = await countEvents(sql);
  if (done > 0) print(`Going on after ${done} of ${total} events.`);
  const progress = startProgress(total, 'events indexed');
  progress.step(done);
  const started = performance.now();
  const rebuilt = await rebuildIndex({ sql, rebuild, ...patience, onProgress: progress.step }).finally(progress.stop);
  if (!rebuilt) {
    print(`Stopped after ${rebuild.state.done} of ${total} events; "alpr reindex" goes on there.`);
    return 1;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  print(`${rebuilt.stored} stored events, ${rebuilt.events} found in ${rebuilt.indices} monthly indices, ${seconds} s`);
  if (rebuilt.refused > 0) print(`${rebuilt.refused} events were refused; the log of the cluster says why`);
  return rebuilt.refused > 0 ? 1 : 0;
}

function openPatience(log: Log): Patience {
  const stopping = new AbortController();
  void waitForSignal(log).then(() => stopping.abort());
  return {
    signal: stopping.signal,
    onAway: (err, delayMs) =>
      log.warn({ err, delay_ms: delayMs }, 'the search index cannot be rebuilt now; trying again'),
  };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
