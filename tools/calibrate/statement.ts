import type { Statement } from '../../src/eval/score-confidence.ts';

/** A text as it was stated, and whether it was right. `key` keeps statements about one plate together. */
export type CurveSample = Statement &
  Readonly<{ key: string; kind: 'crop' | 'picture' | 'passage'; readable?: number | undefined }>;
