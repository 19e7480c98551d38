import { z } from 'zod';

/** How alerts are handed to channels. */
export const deliveryConfigSchema = z
  .strictObject({
    at_once: z
      .int()
      .min(1)
      .max(64)
      .meta({ unit: 'messages' })
      .default(4)
      .describe(
        'Messages that one channel sends side by side. Raising it empties a queue sooner and asks more of the other side.',
      ),
    timeout_ms: z
      .int()
      .min(500)
      .max(120_000)
      .meta({ unit: 'milliseconds' })
      .default(15_000)
      .describe(
        'Time after which an attempt counts as failed. Raise it for slow servers; it holds up no other channel.',
      ),
    give_up_hours: z
      .int()
      .min(1)
      .max(720)
      .meta({ unit: 'hours' })
      .default(24)
      .describe('Time after which a message that nobody takes is dead. Raising it delivers alerts that are older.'),
    retry_max_ms: z
      .int()
      .min(1000)
      .max(3_600_000)
      .meta({ unit: 'milliseconds' })
      .default(600_000)
      .describe(
        'Longest pause between two attempts; the first pause is a second, and each is three times the one before. Raising it asks a server that is away less often.',
      ),
    pause_after: z
      .int()
      .min(1)
      .max(100)
      .meta({ unit: 'failures' })
      .default(5)
      .describe(
        'Failures in a row after which a channel pauses and then tries one message at a time. Raising it lets more messages fail first.',
      ),
    pause_ms: z
      .int()
      .min(100)
      .max(600_000)
      .meta({ unit: 'milliseconds' })
      .default(30_000)
      .describe('That pause. Raising it asks a server that is away less often, and finds later that it is back.'),
    poll_ms: z
      .int()
      .min(50)
      .max(60_000)
      .meta({ unit: 'milliseconds' })
      .default(1000)
      .describe(
        'How often the database is asked for messages that other processes queued or that are due again. Raising it spares the database and delays these.',
      ),
  })
  .prefault({})
  .describe('How alerts are handed to channels.');

export type DeliveryConfig = Readonly<z.infer<typeof deliveryConfigSchema>>;
