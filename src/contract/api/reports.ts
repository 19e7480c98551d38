import { z } from 'zod';
import { REPORT_NAMES, reportOf } from '../report.ts';
import { cameraField, valueField } from './fields.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;

const day = z.iso.date().regex(/^(19|20|21)\d\d/, 'expected a year from 1900 to 2199');

/** Whole days in a time zone, and where. */
export const reportQuerySchema = z
  .strictObject({
    from: day.describe('First day, such as 2026-05-01'),
    to: day.describe(`Last day, included; at most ${MOST_DAYS} days in all`),
    time_zone: z
      .string()
      .regex(/^[A-Za-z0-9_+/-]{1,64}$/)
      .default('UTC')
      .describe('IANA name, such as Europe/Berlin, in which days are counted'),
    camera: cameraField.optional(),
    site: valueField.optional().describe('Id of a site'),
  })
  .superRefine(({ from, to }, context) => {
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (days >= 1 && days <= MOST_DAYS) return;
    const message = `expected from not to be after to, and at most ${MOST_DAYS} days, got ${from} and ${to}`;
    context.addIssue({ code: 'custom', path: ['from'], message });
  });

export type ReportQuery = Readonly<z.infer<typeof reportQuerySchema>>;

/** The questions that whoever sees events may ask; others have an address of their own. */
export const reportParamsSchema = z.strictObject({
  question: z.enum(REPORT_NAMES.filter((name) => reportOf(name).permission === 'events:read')),
});

/** The answer to one question: a table whose columns are those of the question. */
export const reportSchema = z.strictObject({
  rows: z
    .array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])))
    .readonly()
    .describe('Days are dates, moments are UTC, shares are 0–1'),
});

export type ReportAnswer = Readonly<z.infer<typeof reportSchema>>;
