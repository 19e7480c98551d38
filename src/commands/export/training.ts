import type { Config } from '../../app/config.ts';
import { openCommandAudit } from '../../app/open-command-audit.ts';
import { openImages } from '../../images/open.ts';
import { exportTraining } from '../../review/export-training.ts';

export type TrainingFlags = Readonly<{ out: string; from?: Date; to?: Date }>;

/** Writes the reviewed plates of the configured database as a training set, and prints how many. */
export async function writeTraining(config: Config, { out, from, to }: TrainingFlags): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const { sql, record } = opened.use(await openCommandAudit(config));
  await record({ action: 'export', operation: 'export training', query: { from, to } });
  const images = opened.use(await openImages({ config: config.images, dataFolder: config.data }));
  const { written, withoutPicture } = await exportTraining({
    sql,
    images,
    config: config.review,
    folder: out,
    from,
    to,
  });
  const left = withoutPicture === 0 ? '' : `; ${withoutPicture} left out, their pictures are gone or do not fit`;
  process.stdout.write(`${written} plates written to ${out}${left}\n`);
}
