import type { Box, Quad } from '../box.ts';
import type { Image } from '../image.ts';
import type { Light } from '../light.ts';
import type { CharDistribution, TextCandidate } from '../read/reading.ts';
import type { SightedVehicle } from './vehicle-votes.ts';

/** Why a look at a plate was not used. */
export type RejectReason = 'too_small' | 'blur' | 'low_score' | 'empty' | 'outvoted' | 'throttled';

/** Names of the networks that saw a plate, and what ran them. */
export type SightingModels = Readonly<{ detector: string; reader: string; provider: string }>;
/** What a shadow reader read of a passage, and which weights it has (`name@first 12 hex digits of sha256`). */
export type ShadowText = Readonly<{ model: string; text: string; confidence: number }>;

/** One passage of one vehicle, fused over all looks at its plate. */
export type Sighting = Readonly<{
  cameraId: string;
  trackId: number;
  /** Stable for the whole passage; also when a track breaks and is taken up again. Unique within the camera's run. */
  passageId: string;
  /** `provisional` while the passage goes on, `final` once it has ended. Counts of revisions begin at 1. */
  status: 'provisional' | 'final';
  revision: number;
  text: string;
  /** The characters as they look, where `text` follows the registers of the region. */
  seen?: string;
  /** Calibrated probability that `text` is right, 0–1. */
  confidence: number;
  chars: readonly CharDistribution[];
  candidates: readonly TextCandidate[];
  region?: Readonly<{ code: string; score: number }>;
  /** Whether `text` fits a pattern of numbers that its region issues; left out where the patterns were not asked. */
  matchesFormat?: boolean;
  lines: number;
  /** Whether `text` comes from looks at a whole plate; where a part of it is out of sight in each of them, characters may be missing. */
  complete?: boolean;
  /** Whether the plate has characters that the reader cannot read; left out where it cannot tell. */
  hasUnread?: boolean;
  /** The vehicle around the plate; left out when the detector found none, or knows none. */
  vehicle?: SightedVehicle;
  /** Readings that went into the fusion, and how many of them read exactly `text`. */
  framesRead: number;
  readsAgreeing: number;
  framesRejected: Readonly<Partial<Record<RejectReason, number>>>;
  /** Milliseconds since the epoch. */
  firstSeenAt: number;
  bestAt: number;
  lastSeenAt: number;
  best: BestLook;
  /** Centre of the plate over time, at most 32 points, pixels of the full picture; `t` milliseconds since `firstSeenAt`. */
  path: readonly Readonly<{ t: number; x: number; y: number; w: number; h: number }>[];
  /** The same at every step, for lines and zones. */
  way: readonly Readonly<{ t: number; x: number; y: number; w: number; h: number }>[];
  stationary: boolean;
  /** By the mean of the pictures in which the plate was seen. */
  light?: Light;
  /** Who found the best look, and the reader whose looks weigh most; left out where networks have no names. */
  models?: SightingModels;
  /** What a shadow reader read of the same looks; in finals alone, and only where it has read them all. */
  shadow?: ShadowText;
  /** Milliseconds spent for this passage so far. */
  timings: Readonly<{ detectMs: number; readMs: number }>;
}>;

/** The look whose pictures are stored: it is a frame whose own reading equals the fused text wherever there is one. */
export type BestLook = Readonly<{
  sequence: number;
  capturedAt: number;
  /** The full picture of that frame. */
  image: Image;
  box: Box;
  corners: Quad;
  /** The vehicle's box in this picture. */
  vehicleBox?: Box;
  text: string;
  confidence: number;
  detectionScore: number;
  /** Height of a character in pixels of the full picture (plate height over lines, times 0.7). */
  charHeightPx: number;
  /** Variance-of-Laplacian based, 0 (mush) to 1 (crisp). */
  sharpness: number;
  /** The networks that looked. */
  models?: SightingModels;
}>;
