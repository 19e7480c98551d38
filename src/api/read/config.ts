import { z } from 'zod';
import { addressRangeSchema } from '../../base/address-range.ts';
import { allowedTargetSchema } from '../../base/outgoing-address.ts';

/** Reading pictures that programs send. */
export const readConfigSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe(
        'Whether pictures that programs send are read. `alpr serve` loads the networks when the first one comes.',
      ),
    max_bytes: z
      .int()
      .min(10_000)
      .max(100_000_000)
      .meta({ unit: 'bytes' })
      .default(10_000_000)
      .describe('Largest picture that is taken. Raising it takes larger pictures and more memory for each that waits.'),
    places: z
      .int()
      .min(2)
      .max(1000)
      .meta({ unit: 'pictures' })
      .default(20)
      .describe(
        'Pictures that are received, wait or are read at once; one caller has at most half of the places. Raising it refuses fewer of a burst and lets the last ones wait longer.',
      ),
    per_minute: z
      .int()
      .min(1)
      .max(100_000)
      .meta({ unit: 'pictures' })
      .default(600)
      .describe('Most pictures a minute from one person, token or address. Raising it loads the machine more.'),
    allowed_addresses: z
      .array(allowedTargetSchema)
      .max(100)
      .default([])
      .describe(
        'Where pictures may be fetched from besides public addresses: addresses, networks such as 10.0.0.0/24 or names of hosts.',
      ),
    address_seconds: z
      .int()
      .min(1)
      .max(25)
      .meta({ unit: 'seconds' })
      .default(10)
      .describe(
        'So long fetching a picture may take. Raising it waits for slower servers and keeps their places longer.',
      ),
    codeproject_clients: z
      .array(addressRangeSchema)
      .max(100)
      .default([])
      .describe(
        'Addresses or networks of clients of CodeProject.AI, such as Blue Iris, which know no token: they may have pictures read, and nothing else. Empty turns that off.',
      ),
  })
  .prefault({})
  .describe('Reading pictures that programs send.');

export type ReadConfig = Readonly<z.infer<typeof readConfigSchema>>;
