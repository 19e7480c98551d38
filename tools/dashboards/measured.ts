import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Where the test that runs every query keeps what it found. */
export const MEASURED_FILE = join(import.meta.dirname, 'measured.json');

const measuredSchema = z.record(
  z.string(),
  z.strictObject({ value: z.number(), labels: z.record(z.string(), z.string()), series: z.int().min(1) }),
);

/** What a query found, by `nameQuery`: one of its series with its newest value, and how many series there were. */
export type Measured = Readonly<z.infer<typeof measuredSchema>>;

/** Which query of which panel. */
export function nameQuery(uid: string, title: string, refId: string): string {
  return `${uid} / ${title} / ${refId}`;
}

export function readMeasured(): Measured {
  return existsSync(MEASURED_FILE) ? measuredSchema.parse(JSON.parse(readFileSync(MEASURED_FILE, 'utf8'))) : {};
}
