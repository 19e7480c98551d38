import { z } from 'zod';
import { normalizePlate, spellPlate } from './plate-text.ts';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A span such as `90s`, `15m`, `2h` or `30d`. */
export const spanSchema = z
  .string()
  .regex(/^[1-9]\d{0,5}[smhd]$/, 'expected a whole number and s, m, h or d, such as 15m')
  .describe('A whole number and s, m, h or d, such as `15m`');

/** Milliseconds of a span. */
export function spanMs(span: string): number {
  const unit = span.at(-1);
  const seconds = unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? SECONDS[unit] : Number.NaN;
  return Number(span.slice(0, -1)) * seconds * 1000;
}

/** One value or several, of which any will do. */
function someOf<T extends z.ZodType>(value: T, most = 1000) {
  return z.preprocess(
    (given) => (Array.isArray(given) ? given : [given]),
    z.array(value).min(1, 'expected at least one').max(most),
  );
}

export const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'expected 1 to 63 lower-case letters, digits, "_" or "-"');

const plate = z
  .string()
  .max(64)
  .transform(normalizePlate)
  .pipe(z.string().min(1, 'expected letters and digits').max(24));

/** A pattern of a whole plate: `?` stands for one character, `*` for any number of them; other signs and spaces are left out. */
export const plateWildcardSchema = z
  .string()
  .max(64)
  .transform((text) =>
    spellPlate(text)
      .replace(/[^\p{L}\p{N}?*]/gu, '')
      .replace(/\*+/g, '*'),
  )
  .pipe(z.string().regex(/[^?*]/, 'expected at least one letter or digit').max(24));

const share = z.number().min(0).max(1);
const place = z.string().min(1).max(64);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 22:30');
const day = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** When something holds: days and hours of a time zone. `to` before `from` runs over midnight and belongs to the day it began on. */
export const scheduleSchema = z.strictObject({
  time_zone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'expected a time zone such as Europe/Berlin')
    .optional()
    .describe('Time zone, such as `Europe/Berlin`; that of this machine if left out'),
  days: z.array(day).min(1).max(7).optional().describe('Days of the week; all if left out'),
  from: clock.optional().describe('Time of day, such as `22:00`; the beginning of the day if left out'),
  to: clock.optional().describe('Time of day; the end of the day if left out'),
  holidays: z
    .strictObject({
      dates: z.array(z.iso.date()).min(1).max(400),
      count_as: z.enum(['never', 'only', day.enum.sat, day.enum.sun]).default('never'),
    })
    .optional()
    .describe('Dates on which it never holds, which alone it holds on, or which count as a Saturday or Sunday'),
});

export type Schedule = Readonly<z.infer<typeof scheduleSchema>>;

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** What plates a rule is about: exactly one of these. */
const matchSchema = z
  .strictObject({
    exact: someOf(plate),
    prefix: someOf(plate),
    suffix: someOf(plate),
    contains: someOf(plate),
    wildcard: someOf(plateWildcardSchema),
    regex: z.string().min(1).max(200).describe('Of the whole plate, in the syntax of RE2'),
    list: someOf(idSchema).describe('Ids of lists of plates'),
    tag: someOf(z.string().min(1).max(64)).describe('Tags of entries of any list'),
    not_on: someOf(idSchema).describe('Ids of lists none of which has the plate'),
    look_alike: someOf(plate).describe('Plates but for characters that look alike, such as 0 and O'),
    likelihood: z
      .strictObject({ of: someOf(plate).optional(), list: someOf(idSchema).optional(), at_least: share.min(0.01) })
      .refine(({ of, list }) => (of === undefined) !== (list === undefined), 'expected either of or list')
      .describe('Plates that the read may be, with at least this probability'),
    every_passage: z.literal(true),
  })
  .partial()
  .refine((match) => Object.keys(match).length === 1, 'expected exactly one way to match, such as list: [staff]');

export type PlateMatch = Readonly<z.infer<typeof matchSchema>>;

const conditionFields = {
  camera: someOf(place).optional(),
  site: someOf(place).optional(),
  direction: someOf(place).optional().describe('Names that the cameras’ lines give their directions'),
  line: someOf(place).optional(),
  zone: someOf(place).optional(),
  vehicle: someOf(z.string().min(1).max(32)).optional(),
  region: someOf(z.string().min(1).max(16)).optional(),
  confidence: z
    .strictObject({ at_least: share.optional(), below: share.optional() })
    .optional()
    .describe('Calibrated probability that the text is right'),
  schedule: scheduleSchema.optional(),
  stationary: z.strictObject({ at_least: spanSchema, zone: place.optional() }).optional(),
  not_seen_for: spanSchema
    .optional()
    .describe('The plate was not seen for so long before; `3650d` is as good as never'),
  count: z
    .strictObject({
      at_least: z.int().min(2).max(1000),
      within: spanSchema,
      same: z.enum(['camera', 'site', 'anywhere']).default('anywhere'),
    })
    .optional()
    .describe('The plate passed so many times, this time included'),
  after: z
    .strictObject({
      camera: someOf(place).optional(),
      site: someOf(place).optional(),
      direction: someOf(place).optional(),
      within: spanSchema,
    })
    .optional()
    .describe('The plate passed there before'),
  too_soon_after: z
    .strictObject({ site: someOf(place), sooner_than: spanSchema })
    .optional()
    .describe('The plate was there so shortly before that it cannot be the same vehicle'),
  visit: z
    .strictObject({ longer_than: spanSchema, in: place.default('in'), out: place.default('out') })
    .optional()
    .describe('The vehicle came in and has not gone out for so long'),
  occupancy: z
    .strictObject({
      above: z.int().min(0).max(1_000_000),
      in: place.default('in'),
      out: place.default('out'),
      forget_after: spanSchema.default('1d'),
    })
    .optional()
    .describe('More vehicles than that are at the site'),
};

type Fields = z.ZodObject<typeof conditionFields>;

/** What must hold of a passage besides its plate: every field that is given. */
export interface Condition extends Readonly<z.output<Fields>> {
  readonly all?: Condition[] | undefined;
  readonly any?: Condition[] | undefined;
  readonly not?: Condition | undefined;
}

interface ConditionInput extends Readonly<z.input<Fields>> {
  readonly all?: ConditionInput[] | undefined;
  readonly any?: ConditionInput[] | undefined;
  readonly not?: ConditionInput | undefined;
}

export const conditionSchema: z.ZodType<Condition, ConditionInput> = z.strictObject({
  ...conditionFields,
  all: z.lazy(() => z.array(conditionSchema).min(1).max(64).optional()),
  any: z.lazy(() => z.array(conditionSchema).min(1).max(64).optional()),
  not: z.lazy(() => conditionSchema.optional()),
});

/** How deep conditions may stand in each other. */
const MOST_DEEP = 6;

/** Looks level by level, so that no nesting is too deep to be refused. */
function refuseDeep(given: unknown, context: z.RefinementCtx): unknown {
  let level = [given];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_DEEP) {
      context.addIssue({ code: 'custom', message: `expected conditions at most ${MOST_DEEP} deep` });
      return z.NEVER;
    }
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? listInner(one) : []));
  }
  return given;
}

function listInner({ all = [], any = [], not }: { all?: unknown; any?: unknown; not?: unknown }): unknown[] {
  return [all, any, not].flat().filter((one) => typeof one === 'object' && one !== null);
}

export const severitySchema = z.enum(['info', 'warning', 'critical']);

/** What of the system itself a rule is about. */
const systemSchema = z
  .strictObject({
    camera_down: z.strictObject({ for: spanSchema.default('2m'), camera: someOf(place).optional() }),
    read_rate_below: z
      .strictObject({
        share_of_usual: share,
        days: z.int().min(1).max(90).default(14),
        camera: someOf(place).optional(),
      })
      .describe('Share of passages read in the last day, against the median of the days before'),
    disk_free_below: z.strictObject({ share: share }),
    nothing_delivered_for: z
      .strictObject({ span: spanSchema })
      .describe('Alerts wait and none was delivered for so long'),
    alarm: z
      .strictObject({
        severity: someOf(severitySchema).optional(),
        name: someOf(z.string().min(1).max(200)).optional().describe('Such as AlprCameraDown'),
      })
      .describe('An alarm that Prometheus’ Alertmanager reports; of any severity and name unless told'),
  })
  .partial()
  .refine((system) => Object.keys(system).length === 1, 'expected exactly one thing, such as camera_down: {for: 2m}');

export type SystemMatch = Readonly<z.infer<typeof systemSchema>>;

/** One rule, in the file and on the page alike. */
export const ruleSchema = z
  .strictObject({
    id: idSchema,
    name: z.string().trim().min(1).max(200),
    note: z.string().max(2000).default(''),
    enabled: z.boolean().default(true),
    match: matchSchema.optional(),
    system: systemSchema.optional(),
    when: z.preprocess(refuseDeep, conditionSchema).optional(),
    act_at: z
      .union([z.literal('final'), z.strictObject({ provisional: share })])
      .default('final')
      .describe(
        'Whether to wait for the end of the passage, or to act on an early read with at least this probability',
      ),
    severity: severitySchema.default('warning'),
    cooldown: z
      .strictObject({ for: spanSchema, per: z.enum(['plate', 'plate_and_camera', 'rule']).default('plate') })
      .optional()
      .describe('Time after an alert in which the same makes no other'),
    quiet: scheduleSchema.optional().describe('When alerts are kept and shown, but sent to nobody'),
    verify: z.boolean().default(false).describe('Whether a person must compare the picture before anyone acts'),
    channels: z.array(idSchema).max(32).default([]).describe('Ids of the channels that it is sent through'),
  })
  .refine(({ match, system }) => (match === undefined) !== (system === undefined), 'expected either match or system')
  .refine(({ system, when }) => !(system && when), 'expected no when beside system');

export type Rule = Readonly<z.infer<typeof ruleSchema>>;
/** A rule as it is written, before defaults. */
export type RuleInput = Readonly<z.input<typeof ruleSchema>>;
