import { z } from 'zod';

const time = z.iso.datetime({ offset: true });
const labels = z.record(z.string().max(200), z.string().max(4000));

/** A notification of Alertmanager's webhook, version 4; what it says besides is taken and not used. */
export const alertmanagerBodySchema = z.looseObject({
  version: z.literal('4'),
  alerts: z
    .array(
      z.looseObject({
        status: z.enum(['firing', 'resolved']),
        labels: labels.describe('Among them alertname and severity'),
        annotations: labels.default({}).describe('Among them summary'),
        startsAt: time.describe('When it began to fire'),
        fingerprint: z.string().min(1).max(64).describe('The same for the same labels'),
      }),
    )
    .max(5000),
});

export type AlertmanagerBody = Readonly<z.infer<typeof alertmanagerBodySchema>>;
