import { z } from 'zod';
import { AlprError } from '../../base/errors.ts';

const level = z.int().min(0).max(255);

/**
 * The file that fast-plate-ocr writes beside a network (fast_plate_ocr.inference.config.PlateConfig); other fields are
 * ignored.
 */
const plateConfigSchema = z.looseObject({
  max_plate_slots: z.int().min(1),
  alphabet: z.string().min(2),
  pad_char: z.string().length(1),
  img_height: z.int().min(1),
  img_width: z.int().min(1),
  keep_aspect_ratio: z.boolean().default(false),
  image_color_mode: z.enum(['grayscale', 'rgb']).default('grayscale'),
  padding_color: z.union([level, z.tuple([level, level, level])]).default([114, 114, 114]),
  plate_regions: z.array(z.string().min(1)).nullish(),
});

export type PlateConfig = Readonly<z.infer<typeof plateConfigSchema>>;

/** Whether a parsed file looks like such a configuration rather than a dictionary. */
export function isPlateConfig(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'alphabet' in value && 'max_plate_slots' in value;
}

/** Checks the parsed file; MODEL_INVALID names the fields that are wrong. */
export function parsePlateConfig(value: unknown, path: string): PlateConfig {
  const parsed = plateConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AlprError(
    'MODEL_INVALID',
    `${path} is not a plate configuration of fast-plate-ocr: ${z.prettifyError(parsed.error)}`,
  );
}

const CODES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Codes for English names of countries (`Germany` → `de`), as CLDR spells them; unknown names stay unchanged. */
export function nameRegions(names: readonly string[]): string[] {
  const english = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const known = new Map<string, string>();
  const codes = [...CODES].flatMap((first) => [...CODES].map((second) => first + second));
  for (const code of codes) {
    // Codes no longer in use name the successor country.
    const isCurrent = Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
    const name = english.of(code);
    if (isCurrent && name !== undefined) known.set(name.toLowerCase(), code.toLowerCase());
  }
  return names.map((name) => known.get(name.toLowerCase()) ?? OTHER_NAMES.get(name.toLowerCase()) ?? name);
}

/** Common names that CLDR spells differently. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['bosnia and herzegovina', 'ba'],
  ['czech republic', 'cz'],
  ['macedonia', 'mk'],
  ['turkey', 'tr'],
  ['viet nam', 'vn'],
]);
