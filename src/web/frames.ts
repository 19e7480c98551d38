import { nameIn, spellOut, type Words } from './words.ts';

/** Why a frame of a passage did not count; the reasons are the keys of `frames_rejected`. */
export function explainRejection(reason: string, { t }: Words): string {
  return nameIn(t.read.rejections, reason) ?? t.read.notUsed(spellOut(reason));
}

/** Why frames of a camera were not processed; the reasons are the keys of `frames_dropped`. */
export function explainDrop(reason: string, { t }: Words): string {
  return nameIn(t.system.drops, reason) ?? t.system.skipped(spellOut(reason));
}
