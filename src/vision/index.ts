export type { Box, Point, Quad } from './box.ts';
export { convertToRgb } from './colour.ts';
export { createDetector, type Detector, type DetectorModel, type DetectorSource } from './detect/detector.ts';
export { chooseInputSize, Letterbox, type Size } from './detect/letterbox.ts';
export type { Detection, DetectionClass } from './detection.ts';
export { AlprError, type ErrorCode } from './errors.ts';
export type { Frame, SmallPicture } from './frame.ts';
export { isSamePlate, measureEditDistance } from './fuse/align.ts';
export { type FusedReading, fuseReadings } from './fuse/fuse-readings.ts';
export type { LostPassage } from './fuse/passage-book.ts';
export type { BestLook, RejectReason, Sighting } from './fuse/sighting.ts';
export type { WeightedReading } from './fuse/weight.ts';
export type { Image, RgbImage, YuvImage } from './image.ts';
export { checkImage } from './image-check.ts';
export { MotionGate } from './motion-gate.ts';
export * from './options/detector.ts';
export * from './options/fusion.ts';
export * from './options/gate.ts';
export * from './options/option.ts';
export * from './options/passage.ts';
export * from './options/pipeline.ts';
export * from './options/reader.ts';
export * from './options/recognise.ts';
export * from './options/regions.ts';
export * from './options/tracker.ts';
export {
  CameraPipeline,
  type Observation,
  type PipelineParts,
  type PlateOverlay,
  type StageTimings,
} from './pipeline.ts';
export { type Legibility, measureLegibility } from './read/legibility.ts';
export { createReader, type Look, type Reader, type ReaderModel } from './read/reader.ts';
export type { CharDistribution, CharProbability, Reading, TextCandidate } from './read/reading.ts';
export { rectifyToImage } from './read/rectify.ts';
export { type Recognition, recognisePicture } from './recognise.ts';
export type { Session, Tensor } from './session.ts';
export { ByteTracker, type Instant, type TrackerUpdate } from './track/byte-track.ts';
export type { Track } from './track/track.ts';
