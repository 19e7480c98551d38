import { z } from 'zod';

/** When a challenger becomes the champion without anybody. */
export const promotionConfigSchema = z
  .strictObject({
    automatic: z
      .boolean()
      .default(false)
      .describe('Whether challengers are promoted and refused by the rule. People can do both at any time.'),
    min_reviewed: z
      .int()
      .min(20)
      .max(1_000_000)
      .meta({ unit: 'reads' })
      .default(200)
      .describe(
        'Reads of which reader and challenger differ, and which people have reviewed, before the rule decides. Raising it takes longer and errs less.',
      ),
    p: z
      .number()
      .min(0.000001)
      .max(0.5)
      .meta({ unit: 'share' })
      .default(0.05)
      .describe(
        'How likely the difference may be chance (McNemar’s exact test). Raising it decides sooner and errs more often.',
      ),
    canary_cameras: z
      .array(z.string().min(1).max(64))
      .max(200)
      .default([])
      .describe('Ids of the cameras that run a better challenger before all do. With none, all do at once.'),
    canary_hours: z
      .int()
      .min(0)
      .max(8760)
      .meta({ unit: 'hours' })
      .default(24)
      .describe('How long these cameras run it first. Raising it brings it to the others later.'),
  })
  .prefault({})
  .describe('When a challenger takes the place of the reader.');

export type PromotionConfig = Readonly<z.infer<typeof promotionConfigSchema>>;
