import type { Config } from '../../app/config.ts';
import { openCommandAudit } from '../../app/open-command-audit.ts';
import { AlprError } from '../../base/errors.ts';
import type { Sql } from '../../db/sql.ts';
import { type CameraCalibration, calibrateCameras, type InForce } from '../../review/calibrate-cameras.ts';
import { changePageCamera, listPageCameras, type StoredCamera } from '../../store/page-cameras.ts';
import { readReviewedReads } from '../../store/reviewed-reads.ts';

const NOTHING = 'No read was reviewed since the last calibration. Review reads on the page first.\n';

export type CalibrateFlags = Readonly<{ camera?: string; apply?: boolean }>;

/** Fits the confidences of each camera to people's decisions, says how much that helps and, if wanted, writes it into cameras of the page. */
export async function calibrateModels(config: Config, { camera, apply = false }: CalibrateFlags): Promise<number> {
  await using audit = await openCommandAudit(config);
  const { sql } = audit;
  const stored = await listPageCameras(sql);
  const found = calibrateCameras(await readReviewedReads(sql, camera), (id, site) =>
    findInForce({ id, site }, config, stored),
  );
  if (found.length === 0) process.stdout.write(NOTHING);
  for (const one of found) {
    process.stdout.write(describe(one));
    if (!one.isBetter) continue;
    const at = `${new Date().toISOString().slice(0, 19)}Z`;
    const onPage = stored.find(({ id, site }) => id === one.camera && site === one.site);
    const settings = { confidence_temperature: one.fitted, calibrated_at: at };
    if (!onPage) process.stdout.write(describeSetting(one, at));
    else if (!apply) process.stdout.write('  use --apply to give it to the edge\n');
    else {
      const query = { camera: one.camera, ...settings };
      await audit.record({ action: 'change', operation: 'models calibrate', query });
      await writeSettings(sql, onPage, settings);
      process.stdout.write('  written; the edge applies it within seconds\n');
    }
  }
  return 0;
}

/** As the page has it, or the configuration file of this machine; a camera of another machine has not been calibrated yet. */
function findInForce(
  { id, site }: Readonly<{ id: string; site: string }>,
  config: Config,
  stored: readonly StoredCamera[],
): InForce {
  // Another site may have a camera of the same id, and another temperature.
  const own = site === config.site.id ? config.cameras : [];
  const known: Readonly<Record<string, unknown>> | undefined =
    own.find((one) => one.id === id) ?? stored.find((one) => one.id === id && one.site === site)?.settings;
  const { confidence_temperature: temperature, calibrated_at: since } = known ?? {};
  return {
    temperature: typeof temperature === 'number' ? temperature : 1,
    since: typeof since === 'string' ? new Date(since) : undefined,
  };
}

async function writeSettings(
  sql: Sql,
  { id, revision, settings }: StoredCamera,
  more: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (await changePageCamera(sql, { id, revision, settings: { ...settings, ...more } })) return;
  throw new AlprError('CONFLICT', `Expected nobody else to change the camera ${id} meanwhile; run the command again`);
}

function describe({ camera, site, reads, wrong, temperature, fitted, before, after, isBetter }: CameraCalibration) {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(7);
  const rows = before.bins.map(({ confidence, accuracy, n }, index) => {
    const { confidence: said, accuracy: came } = after.bins[index] ?? { confidence, accuracy };
    return `  ${percent(confidence)} ${percent(accuracy)}   ${percent(said)} ${percent(came)}   ${String(n).padStart(5)}\n`;
  });
  const verdict = isBetter
    ? `confidence_temperature ${fitted} instead of ${temperature}`
    : 'confidences stay: too few decisions, or no clear improvement';
  return [
    `Camera ${camera} (${site}): ${reads} reads decided, ${wrong} of them misread\n`,
    '  before: said, right   after: said, right   reads\n',
    ...rows,
    `  calibration error ${percent(before.ece).trim()} before, ${percent(after.ece).trim()} after, on decisions left out of the fit\n`,
    `  ${verdict}\n`,
  ].join('');
}

function describeSetting({ camera, fitted }: CameraCalibration, at: string): string {
  return `  add these lines to the camera ${camera} in the configuration file of its edge:\n    confidence_temperature: ${fitted}\n    calibrated_at: ${at}\n`;
}
