import type { ShownVersion } from '../contract/api/models.ts';
import type { ModelVersion } from '../models/registry/registry.ts';

/** Most rows of data, and figures, that are shown of a version. */
const MOST = 200;

/** A version of a registry as the API shows it. */
export function showVersion(one: ModelVersion): ShownVersion {
  const { model, version, id, createdAt, aliases, canaryCameras, championAt, rolledBackAt, files, fault } = one;
  return {
    ...{ model, version, id, created_at: createdAt, aliases, canary_cameras: canaryCameras },
    ...{ champion_at: championAt, rolled_back_at: rolledBackAt, fault, card: showCard(one) },
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function showCard({ card }: ModelVersion): ShownVersion['card'] {
  if (!card) return null;
  const { model_version, task, licence, trained_from, data, metrics } = card;
  return {
    ...{ model_version, task, licence, trained_from: trained_from?.what ?? null },
    data: data.slice(0, MOST).map(({ name, licence, sha256 }) => ({
      ...{ name, licence },
      sha256: typeof sha256 === 'string' ? sha256 : null,
    })),
    metrics: metrics.slice(0, MOST).flatMap(({ set, metric, value, n }) => {
      if (typeof set !== 'string' || typeof metric !== 'string' || typeof value !== 'number') return [];
      return [{ set, metric, value, n: typeof n === 'number' ? n : null }];
    }),
  };
}
