import { z } from 'zod';
import { allowedTargetSchema } from '../base/outgoing-address.ts';
import { languageSchema } from '../contract/api/auth.ts';

/** What all channels have in common. */
export const channelsConfigSchema = z
  .strictObject({
    allow: z
      .array(allowedTargetSchema)
      .max(100)
      .default([])
      .describe(
        'Addresses, networks and hosts that webhooks may ask although they are not public, such as 192.168.1.20, 10.0.0.0/24 or gate.local. Whoever may edit channels can reach what is listed here.',
      ),
    language: languageSchema.default('en').describe('Language of the default texts.'),
    time_zone: z
      .string()
      .max(64)
      .refine(
        (name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC',
        'expected a time zone such as Europe/Berlin',
      )
      .optional()
      .describe('Time zone of times in texts, such as `Europe/Berlin`; that of this machine if left out.'),
  })
  .prefault({})
  .describe('What all channels have in common.');

export type ChannelsConfig = Readonly<z.infer<typeof channelsConfigSchema>>;
