import type { Noun } from './frame.ts';

/** How well cameras read, and what to do about it. */
export const health = {
  means: 'The last 24 hours, compared with what is usual.',
  share: 'Share read',
  losses: 'Lost because',
  advice: 'Advice',
  usually: (percent: string) => `usually ${percent}`,
  well: 'Nothing to do',
  passages: ['passage', 'passages'] as Noun,
  spans: { 24: '24 hours', 168: '7 days' },
  now: 'Now',
  weekBefore: 'A week before',
  passagesByHour: 'Passages by hour',
  seen: 'Seen',
  read: 'Read',
  passagesTitle: 'Passages',
  figures: 'Figures',
  readOfSeen: 'Read, of those seen',
  usual: 'Usual (median of 14 days)',
  byDay: 'Share read by day',
  byNight: 'Share read by night',
  noPlate: 'Vehicles without a plate in sight',
  confidence: 'Mean confidence',
  doubtful: 'Reads for review',
  corrected: 'Corrected by people',
  clockOffset: 'Clock ahead by',
  newest: 'Newest read',
  lostLooks: 'Plates that were lost',
  lostLook: 'A plate that was not read',
  lostLooksMean: 'A sample: at most one a minute for each reason, the newest 20.',
  noLostLooks: 'No plate was lost since this sample is kept.',
  pixelsHigh: (height: string) => `characters ${height} px high`,
  drift: {
    title: 'Drift',
    means: 'The newest day compared with the same hours of the 14 days before: shares of the reads.',
    few: 'Too few reads to compare: at least 100 on the newest day and 200 in the 14 days before are needed.',
    now: 'Newest day',
    before: '14 days before',
    changed: 'Changed',
    between: (low: string, high: string) => `from ${low} to ${high}`,
    below: (high: string) => `below ${high}`,
    above: (low: string) => `${low} and above`,
  },
  brief: {
    dayNight: (day: string, night: string) => `day ${day}, night ${night}`,
    reads: (height: string, confidence: string, corrected: string) =>
      `characters ${height} px, confidence ${confidence}, corrected ${corrected}`,
    machine: (rate: string, device: string, clock: string) => `${rate} fps, ${device}, clock ${clock} s`,
  },
  says: {
    down: (state: string) =>
      `The camera is ${state}. Check its power, its network, its address and its password; the System screen shows the message.`,
    silent: (passages: string) =>
      `Nothing passed; a week before it was ${passages}. Check that the camera still looks at the road and that nothing covers it.`,
    fallen: (share: string, usual: string) =>
      `${share} of the passages were read, usually ${usual}. Compare the picture with an older one, and check the lens, the focus and the direction.`,
    loss: (reason: string, share: string, passages: string) => `${reason}: ${share} of the losses (${passages}).`,
    remedies: {
      too_small: 'Zoom in, or mount the camera closer to the road.',
      blur: 'Shorten the exposure, add light, or correct the focus.',
      low_score: 'Look at the sample: reduce glare and exposure, clean the lens, or choose a flatter angle.',
      empty: 'Look at the sample: mask out signs and lamps that are taken for plates.',
    },
    look: 'Look at the sample of lost plates.',
    noPlate: (share: string, vehicles: string) =>
      `${share} of ${vehicles} vehicles passed without a plate in sight. Let the camera look at the side that has the plate.`,
    small: (height: string, needed: string) =>
      `Characters are ${height} px high. From ${needed} px on, plates are read more reliably: zoom in, or mount the camera closer.`,
    night: (night: string, day: string) =>
      `At night ${night} are read, by day ${day}. Add infrared light, or shorten the exposure at night.`,
    slow: (share: string, device: string) =>
      `${share} of the frames are skipped to keep up; the detector runs on ${device}. Use an accelerator, or give this machine fewer cameras.`,
    clock: (seconds: string) => `The clock of its machine is ${seconds} s off. Set it by NTP.`,
    drift: {
      char_height: {
        less: (now: string, before: string, change: string) =>
          `Characters are ${change} smaller than usual (${now}, not ${before}). Was the camera moved, or its zoom changed?`,
        more: (now: string, before: string, change: string) =>
          `Characters are ${change} larger than usual (${now}, not ${before}). Was the camera moved, or its zoom changed?`,
      },
      sharpness: {
        less: (now: string, before: string, change: string) =>
          `Pictures of plates are ${change} less sharp than usual (${now}, not ${before}). Check the focus, the lens and the light.`,
        more: (now: string, before: string, change: string) =>
          `Pictures of plates are ${change} sharper than usual (${now}, not ${before}). If nobody improved the camera, check its picture.`,
      },
      confidence: {
        less: (now: string, before: string) =>
          `Reads are less certain than usual (${now}, not ${before}). Look at the newest reads: worse pictures, other plates, or another model?`,
        more: (now: string, before: string) =>
          `Reads are more certain than usual (${now}, not ${before}). If nobody improved the camera or changed the model, look at the newest reads.`,
      },
      region: (region: string, now: string, before: string) =>
        `${region}: ${now} of the reads, usually ${before}. Has the traffic changed, or was the camera turned?`,
      spread: (quantity: string) =>
        `${quantity}: the mean is as usual, but the values are spread differently. Look at the newest reads.`,
    },
  },
};
