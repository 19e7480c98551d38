import { type OptionsOf, readDefaults, type Section } from './option.ts';

/** Thresholds of the detector. */
export const DETECTOR = {
  minScore: {
    type: 'share',
    default: 0.2,
    text: 'Lowest score of a detection that is passed on; the tracker uses weak ones to keep tracks alive. Raising it loses plates in rain and at dusk.',
  },
  highScore: {
    type: 'share',
    text: 'Score from which a detection counts as certain; a track begins at three quarters of it. The model’s own threshold if left out. Raising it gives fewer false tracks and misses more plates.',
  },
  maxIou: {
    type: 'share',
    text: 'Overlap (IoU) at which the weaker of two plate boxes is dropped. The model’s own if left out. Raising it keeps more duplicate boxes.',
  },
  vehicleScore: {
    type: 'share',
    default: 0.35,
    text: 'Lowest score of a vehicle that is accepted. Raising it leaves more plates without a vehicle and assigns fewer wrong ones.',
  },
  vehicleIou: {
    type: 'share',
    default: 0.6,
    text: 'Overlap (IoU) at which the weaker of two vehicle boxes is dropped. Raising it keeps more duplicate boxes, and more vehicles in a queue.',
  },
  maxDetections: {
    type: 'integer',
    default: 50,
    min: 1,
    max: 1000,
    unit: 'detections',
    text: 'Most plates, and most vehicles, passed on from one picture. Raising it costs reading time in crowded pictures.',
  },
  fitShape: {
    type: 'boolean',
    default: true,
    text: 'Whether the network’s input takes the shape of the picture at the same pixel count. It suits portrait and square pictures; each new shape costs a warm-up.',
  },
  closeShare: {
    type: 'share',
    default: 0.45,
    text: 'Share of the picture’s width from which a plate is located once more at half the size, where such plates are located better. Raising it saves work on close-ups and cuts off more of them.',
  },
} as const satisfies Section;

export type DetectorOptions = OptionsOf<typeof DETECTOR>;

export const DETECTOR_DEFAULTS: DetectorOptions = readDefaults(DETECTOR);
