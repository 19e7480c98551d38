import type { Config } from '../../app/config.ts';
import { openCommandAudit } from '../../app/open-command-audit.ts';
import { openImages } from '../../images/open.ts';
import { exportTraining } from '../../review/export-training.ts';

export type TrainingFlags = Readonly<{ out: string; from?: Date; to?: Date }>;

/** Writes the reviewed plates of the configured database as a training set, and prints how many. */
export async function writeTraining(config: Config, { out, from, to }: TrainingFlags): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const { sql, record: recordEntry } = opened.use(await openCommandAudit(config));
  const images = opened.use(await openImages({ config: config.images, dataFolder: config.data }));
  const record = (part: 'begun' | 'completed', results?: number) =>
    recordEntry({
      action: 'export',
      operation: 'export training',
      query: { from, to, part },
      ...(results !== undefined && { results }),
    });
  await record('begun');
  const done = await exportTraining({ sql, images, config: config.review, folder: out, from, to });
  await record('completed', done.written);
  const left =
    done.withoutPicture === 0 ? '' : `; ${done.withoutPicture} left out, their pictures are gone or do not fit`;
  process.stdout.write(`${done.written} plates written to ${out}${left}\n`);
}
