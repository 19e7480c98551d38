import type { Advice, CameraQuality, Drift, Tally } from './api/camera-quality.ts';

/** Characters below this height are mostly guesses, below the next one unsure (docs/notes/measurements.md), pixels. */
export const UNREADABLE_PX = 8;
export const COMFORTABLE_PX = 14;

/** Passages below which a share says nothing: the same as for alerts of the read rate (`src/store/alerts/system-states.ts`). */
export const FEW_PASSAGES = 20;

/** A share below this part of the usual one has fallen: the objective of the read rate in docs/operations/monitoring.md. */
export const FALLEN = 0.8;

/** Losses and dropped frames from this share on are worth a word, and reasons that make up this part of the losses. Chosen, not measured. */
const MUCH = 0.1;
const MAIN = 0.25;

/** Vehicles without a plate in sight from this share on mean that the camera looks at the wrong side of them. Chosen, not measured. */
const HALF = 0.5;

/** Clocks farther apart than this are worth a word: the same as between servers in `alpr doctor`, seconds. */
export const CLOCK_APART_S = 5;

/** From this population stability index on a distribution has shifted: the usual limit (Siddiqi 2006, see `src/store/camera-drift.ts`). */
export const DRIFTED = 0.25;

/** What is known of a camera, before it is judged. */
type Known = Omit<CameraQuality, 'advice'>;

/** The share of passages that were read, 0–1; null where too few passed to tell. */
export function shareOf({ read, lost }: Tally): number | null {
  return read + lost < FEW_PASSAGES ? null : read / (read + lost);
}

/** What an operator should look at, most urgent first. Nothing where all is well, or too little is known. */
export function adviseCamera(camera: Known): readonly Advice[] {
  return [
    ...adviseOnWork(camera),
    ...adviseOnShare(camera),
    ...adviseOnLosses(camera),
    ...adviseOnVehicles(camera),
    ...adviseOnHeight(camera),
    ...adviseOnNight(camera),
    ...adviseOnSpeed(camera),
    ...adviseOnClock(camera),
    ...adviseOnDrift(camera),
  ];
}

/** A camera that is down explains why nothing passes. */
function adviseOnWork({ status, passages, before }: Known): readonly Advice[] {
  if (status && (status.state === 'retrying' || status.state === 'failed'))
    return [{ code: 'down', state: status.state }];
  const usually = before.read + before.lost;
  const isSilent = passages.read + passages.lost === 0 && usually >= FEW_PASSAGES;
  return isSilent ? [{ code: 'silent', before: usually }] : [];
}

function adviseOnShare({ passages, usual }: Known): readonly Advice[] {
  const share = shareOf(passages);
  return share !== null && usual !== null && share < FALLEN * usual ? [{ code: 'fallen', share, usual }] : [];
}

/** The main reasons, where many passages are lost. */
function adviseOnLosses({ passages, losses }: Known): readonly Advice[] {
  const share = shareOf(passages);
  if (share === null || 1 - share < MUCH) return [];
  return Object.entries(losses)
    .filter(([, count]) => count >= MAIN * passages.lost)
    .toSorted(([a, p], [b, q]) => q - p || (a < b ? -1 : 1))
    .map(([reason, count]) => ({ code: 'loss', reason, share: count / passages.lost, passages: count }));
}

function adviseOnVehicles({ passages, no_plate: without }: Known): readonly Advice[] {
  const vehicles = passages.read + passages.lost + without;
  const share = without / Math.max(vehicles, 1);
  return vehicles >= FEW_PASSAGES && share >= HALF ? [{ code: 'no_plate', share, vehicles }] : [];
}

function adviseOnHeight({ char_height_px: height }: Known): readonly Advice[] {
  if (height === null || height >= COMFORTABLE_PX) return [];
  // 13.96 px must not look like the 14 px that are needed.
  return [{ code: 'small', height: Math.floor(height * 10) / 10, needed: COMFORTABLE_PX }];
}

function adviseOnNight(camera: Known): readonly Advice[] {
  const [day, night] = [shareOf(camera.day), shareOf(camera.night)];
  return day !== null && night !== null && night < FALLEN * day ? [{ code: 'night', day, night }] : [];
}

function adviseOnSpeed({ status }: Known): readonly Advice[] {
  if (!status) return [];
  const { frames_in: taken, frames_dropped: dropped, detector_provider: provider } = status;
  const { queue = 0, late = 0 } = dropped;
  const share = (queue + late) / Math.max(taken + late, 1);
  return share >= MUCH ? [{ code: 'slow', share, provider }] : [];
}

function adviseOnClock({ clock_offset_s: seconds }: Known): readonly Advice[] {
  return seconds !== null && Math.abs(seconds) >= CLOCK_APART_S ? [{ code: 'clock', seconds }] : [];
}

function adviseOnDrift({ drift }: Known): readonly Advice[] {
  return drift.filter(({ psi }) => psi >= DRIFTED).flatMap(describeDrift);
}

/** Of regions the one whose share changed most speaks for all. */
function describeDrift({ what, now, before, bins }: Drift): readonly Advice[] {
  if (now !== null && before !== null) return [{ code: 'drift', what, region: null, now, before }];
  const [most] = bins.toSorted((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before));
  return most ? [{ code: 'drift', what, region: most.region, now: most.now, before: most.before }] : [];
}
