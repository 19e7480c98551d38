// Made from src/vision/options.ts by tools/docs/generate-vision-config.ts; change it there and run `npm run docs`.
import { z } from 'zod';

/** Every threshold of detector, reader, regions, tracker, fusion and passages. */
export const visionConfigSchema = z
  .strictObject({
    detector: z
      .strictObject({
        min_score: z.number().min(0).max(1).default(0.2).describe("Lowest score (0–1) handed on; the tracker uses weak detections to keep tracks alive. Raising it loses plates in rain and dusk."),
        high_score: z.number().min(0).max(1).optional().describe("Score (0–1) from which a detection counts as sure (tracks begin at three quarters of it); the model's own threshold when left out. Raising it means fewer false tracks and more missed plates."),
        max_iou: z.number().min(0).max(1).optional().describe("Overlap (IoU, 0–1) at which the weaker of two boxes is dropped; the model's own when left out. Raising it keeps more double boxes."),
        vehicle_score: z.number().min(0).max(1).default(0.35).describe("Lowest score (0–1) at which a vehicle is believed. Raising it leaves more plates without a vehicle and names fewer wrong ones."),
        vehicle_iou: z.number().min(0).max(1).default(0.6).describe("Overlap (IoU, 0–1) at which the weaker of two vehicles is dropped. Raising it keeps more double boxes and more vehicles in a queue."),
        max_detections: z.number().min(0).default(50).describe("Most plates, and most vehicles, handed on from one picture. Raising it costs reading time in crowded pictures."),
        fit_shape: z.boolean().default(true).describe("Whether the network's input takes the shape of the picture (same pixel count): better for portrait and square pictures, a new shape costs a warm-up."),
        close_share: z.number().min(0).max(1).default(0.45).describe("Share of the picture's width (0–1) from which a plate is looked for once more at half the size, where such plates are placed better. Raising it saves work on close-ups and cuts more of them off."),
      })
      .prefault({}),
    reader: z
      .strictObject({
        max_candidates: z.number().min(0).default(8).describe("Most whole-text candidates of one reading. Raising it makes search find more and events larger."),
        max_alternatives: z.number().min(0).default(6).describe("Most alternatives kept for one character. Raising it makes events larger."),
        beam_width: z.number().min(0).default(8).describe("Width of the beams that look for candidates. Raising it finds rarer candidates and costs time."),
        ctc_weight: z.number().min(0).max(1).default(0.5).describe("Weight (0–1) of the CTC head against the slots head on one-line plates of usual length."),
        ctc_weight_long: z.number().min(0).default(0.65).describe("The same for two-line plates and for texts of at least `longText` characters, where CTC is the better head."),
        long_text: z.number().min(0).default(9).describe("Length in characters from which a text counts as long. Raising it trusts the slots head more often."),
        max_batch: z.number().min(0).default(16).describe("Most plates in one run of the network. Raising it saves calls and needs more memory."),
      })
      .prefault({}),
    regions: z
      .strictObject({
        expected: z.record(z.string(), z.number().min(0)).default({}).describe("Where the cameras stand: codes of countries (`us` for all its states) or states with weights, for example `{fr: 5, be: 1}`. Empty for anywhere."),
        weight: z.number().min(0).default(0.5).describe("Power of what the patterns say of a text against what the heads saw in it; 0 leaves the order of the heads. Raising it corrects more and overrules more plates of the owner's choice."),
        temperature: z.number().min(0).default(1).describe("Divides the logarithms of the region head before texts are ranked: above 1 trusts it less."),
        picture_weight: z.number().min(0).default(1).describe("Power of the region head in the region that is reported, against what the text says. Raising it follows the picture more often."),
        doubt: z.number().min(0).max(1).default(0.02).describe("Share (0–1) that the region head never decides: it cannot rule a region out. Raising it trusts its verdicts less."),
        elsewhere: z.number().min(0).max(1).default(0.05).describe("Share (0–1) left for regions other than the expected ones, where some are configured. At 0 no other is considered."),
        min_score: z.number().min(0).max(1).default(0.5).describe("Least probability (0–1) at which a region is reported. Raising it reports fewer and surer ones."),
        min_char_share: z.number().min(0).max(1).default(0.001).describe("Least probability (0–1) that the heads must give a character before a pattern may choose it. Raising it finds fewer texts and saves time."),
        max_variants: z.number().min(0).default(24).describe("Most texts put together from alternatives of single characters, besides those the beams find. Raising it costs time."),
        as_registered: z.boolean().default(true).describe("Whether texts that no pattern explains are written as the registers of their region do (the O of most American states as 0). Off writes what was seen."),
      })
      .prefault({}),
    recognise: z
      .strictObject({
        min_score: z.number().min(0).max(1).default(0.3).describe("Lowest detector score (0–1) that is read at all. Raising it saves time and loses faint plates."),
        min_confidence: z.number().min(0).max(1).default(0.05).describe("Lowest confidence (0–1) of the reading. Raising it reports fewer wrong texts and fewer right ones."),
        min_product: z.number().min(0).max(1).default(0.03).describe("Lowest product of score and confidence (0–1). Raising it drops signs and lettering first."),
        min_readable: z.number().min(0).default(0.5).describe("Lowest legibility (0–1, where the reader judges it) of a text that fits no numbering. Raising it drops grilles, barriers and lettering, and some unclear personal plates."),
        min_length: z.number().min(0).default(3).describe("Shortest text reported, characters. Raising it drops fragments and short personal plates."),
        max_plates: z.number().min(0).default(16).describe("Most plates read in one picture, best detector score first. Raising it costs time in crowded pictures."),
        retry_below: z.number().min(0).max(1).default(0.3).describe("Score times confidence (0–1) below which the picture is looked at once more at half the size, for plates that fill it, and then at twice, for small ones in large pictures. Raising it costs time on pictures without plates."),
      })
      .prefault({}),
    gate: z
      .strictObject({
        enabled: z.boolean().default(true).describe("Whether frames without movement are skipped."),
        columns: z.number().min(0).default(32).describe("Blocks across and down in which brightness is compared. Raising them sees smaller things move, and more noise."),
        rows: z.number().min(0).default(18).describe("Blocks across and down in which brightness is compared. Raising them sees smaller things move, and more noise."),
        threshold: z.number().min(0).default(3).describe("Change of a block's mean brightness, in levels of 255, that counts as movement. Raising it misses small, dark or distant vehicles."),
        force_ms: z.number().min(0).default(2000).describe("Longest time without a look, milliseconds of the stream. Raising it saves work on an empty road and notices parked cars later."),
        idle_ms: z.number().min(0).default(0).describe("Least time between two looks while nothing is followed, milliseconds. Raising it saves work and sees fast vehicles fewer times."),
      })
      .prefault({}),
    tracker: z
      .strictObject({
        high_score: z.number().min(0).max(1).optional().describe("Score (0–1) from which a detection takes part in the first association; left out in a pipeline, three quarters of the detector's. Raising it leaves more to the second."),
        low_score: z.number().min(0).max(1).default(0.2).describe("Score (0–1) above which a weak detection may keep a track alive. Raising it breaks tracks in rain and dusk."),
        new_score: z.number().min(0).max(1).default(0.3).describe("Score (0–1) from which a detection may begin a track; below `highScore` it has no effect. Raising it means fewer false tracks and later first looks."),
        match_cost: z.number().min(0).default(0.9).describe("Highest cost (1 − IoU × score) of the first association. Raising it accepts less overlap and risks swaps."),
        weak_match_cost: z.number().min(0).default(0.7).describe("Highest cost (1 − IoU) of the second association, with weak detections. Raising it accepts less overlap."),
        tentative_match_cost: z.number().min(0).default(0.7).describe("Highest cost of associating a track seen only once so far. Raising it confirms more false tracks."),
        fuse_score: z.boolean().default(true).describe("Whether the first association multiplies overlap by the score, as ByteTrack does outside MOT20."),
        confirm_hits: z.number().min(0).default(1).describe("Hits after which a track is reported; 1 reports it at once. Raising it hides short false tracks and fast vehicles."),
        buffer_time: z.number().min(0).default(1500).describe("Time for which a lost track may be taken up again. Raising it bridges longer gaps and risks taking up another vehicle."),
        duplicate_cost: z.number().min(0).default(0.15).describe("Cost (1 − IoU) below which a tracked and a lost track are the same. Raising it removes more doubles."),
        step_time: z.number().min(0).default(100).describe("Time between two frames at which speeds are counted; 0 takes every update as one step, as the reference does."),
        reach: z.number().min(0).default(2).describe("Extension, off at 0: widths of a plate that it may jump in one step (half of it once its speed is known) and still be followed where no overlap is left. Raising it follows faster vehicles and risks joining two."),
      })
      .prefault({}),
    fusion: z
      .strictObject({
        floor: z.number().min(0).max(1).default(0.01).describe("Least probability (0–1) a look can give a character: one wrong look cannot veto. Raising it makes fusion more like a plain vote."),
        max_distance: z.number().min(0).max(1).default(0.5).describe("Share of a text (0–1) that may differ before a look counts as another plate and is left out. Raising it lets foreign looks in."),
        full_height_px: z.number().min(0).default(14).describe("Character height (pixels) from which a look has full weight. Raising it trusts near looks more against far ones."),
        readable_share: z.number().min(0).max(1).default(0).describe("Share (0–1) of the network's own legibility in the weight of a look, against its sharpness and size. Raising it trusts the network more."),
        max_candidates: z.number().min(0).default(8).describe("Most whole-text candidates. Raising it makes search find more and events larger."),
        max_alternatives: z.number().min(0).default(6).describe("Most alternatives for one character. Raising it makes events larger."),
      })
      .prefault({}),
    passage: z
      .strictObject({
        merge_gap_ms: z.number().min(0).default(1500).describe("How long a final is held back so that an interrupted track is taken up again. Raising it joins longer gaps and delays finals."),
        stationary_gap_ms: z.number().min(0).default(30000).describe("The same for a vehicle that was standing: people and vehicles may hide it for a while."),
        stationary_after_ms: z.number().min(0).default(3000).describe("Time within which a plate must not move by half its width to count as standing. Raising it takes slow traffic for moving longer."),
        stationary_read_ms: z.number().min(0).default(10000).describe("Time between two reads of a standing plate that is read well. Raising it saves work."),
        min_char_height_px: z.number().min(0).default(6).describe("Lowest character height that is read, pixels. Raising it drops far plates; below 7 texts are mostly guesses."),
        min_sharpness: z.number().min(0).max(1).default(0.1).describe("Lowest sharpness (0–1) that is read. Raising it drops blurred looks."),
        min_score: z.number().min(0).max(1).default(0.3).describe("Lowest detector score (0–1) that is read. Raising it drops faint plates."),
        min_read_confidence: z.number().min(0).max(1).default(0.05).describe("Lowest confidence (0–1) of a reading that takes part in the fusion. Raising it ignores unsure looks."),
        min_readable: z.number().min(0).default(0.5).describe("Lowest legibility (0–1, where the reader judges it) of a text that fits no numbering. Raising it drops grilles, barriers and lettering, and some unclear personal plates."),
        min_length: z.number().min(0).default(4).describe("Shortest text of a Sighting, characters. Raising it drops fragments and short personal plates."),
        min_hits: z.number().min(0).default(2).describe("Frames in which a plate must have been found to become a Sighting. Raising it drops false tracks and very fast vehicles."),
        lost_min_score: z.number().min(0).max(1).default(0.6).describe("Detector score (0–1) that a plate must have reached once to be reported as lost when it gave no Sighting. Raising it reports fewer signs and lamps."),
        min_agreeing: z.number().min(0).default(2).describe("Readings that must agree on the text, unless one alone reaches `loneConfidence`. Raising it drops short and unsure passages."),
        min_evidence: z.number().min(0).default(0.4).describe("Weight (legibility × detector score × confidence, about 0.1 for a poor look and 0.8 for a good one) that the agreeing readings must add up to. Raising it drops guesses at blurred or doubtful plates."),
        lone_confidence: z.number().min(0).max(1).default(0.9).describe("Confidence (0–1) at which a single reading is enough. Raising it drops vehicles seen once."),
        final_confidence: z.number().min(0).max(1).default(0.5).describe("Lowest confidence (0–1) of a final Sighting. Raising it turns unsure passages into lost ones."),
        provisional_confidence: z.number().min(0).max(1).default(0.8).describe("Confidence (0–1) from which a provisional Sighting is sent. Raising it makes gates act later and err less."),
        republish_gain: z.number().min(0).max(1).default(0.1).describe("Rise of confidence (0–1) that is worth another provisional with the same text. Raising it sends fewer revisions."),
        stop_confidence: z.number().min(0).max(1).default(0.97).describe("Confidence (0–1) from which a plate is read no more unless a look is better. Raising it reads more."),
        recheck_ms: z.number().min(0).default(400).describe("Time after which a moving plate is read again although its text is settled. Raising it saves work and keeps first mistakes."),
        min_reads: z.number().min(0).default(3).describe("Looks that are always read, whatever the confidence. Raising it costs time."),
        max_reads: z.number().min(0).default(40).describe("Reads after which only better looks are read. Raising it costs time on plates that stay unsure."),
        max_reads_per_frame: z.number().min(0).default(8).describe("Most plates read in one frame. Raising it costs time in crowded pictures."),
      })
      .prefault({}),
  })
  .prefault({});

export type VisionConfig = Readonly<z.infer<typeof visionConfigSchema>>;
