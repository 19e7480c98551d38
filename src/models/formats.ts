import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AlprError, messageOf } from '../base/errors.ts';
import { SIGNS } from '../vision/regions/free-text.ts';
import type { RegionForm, SerialPattern } from '../vision/regions/region-form.ts';

const A_TO_Z = SIGNS.slice(10);
/** Default share of texts outside the patterns: an assumption, not a count. */
const FREE_SHARE = 0.02;

const signs = z.string().regex(/^[0-9A-Z]+$/, 'expected capital letters and digits');
const sign = z.string().regex(/^[0-9A-Z]$/, 'expected one capital letter or digit');
const pattern = z
  .string()
  .regex(
    /^[A-Z a-z0-9\-·~#|^]+(\*\d+(\.\d+)?)?$/,
    'expected marks (see plate-formats/README.md), then perhaps * and a weight, for example "LL-DDD-LL*3"',
  );

/**
 * One form in plate-formats/plates.json. Fields that only describe how the plate looks belong to the renderer and are
 * not checked here.
 */
const formSchema = z.looseObject({
  code: z.string().regex(/^[a-z]{2,3}(-[a-z]+)?$/, 'expected a code like "fr", "us-ca" or "br-mercosul"'),
  name: z.string().min(1),
  weight: z.number().min(0),
  one: z.array(pattern).min(1),
  two: z.array(pattern).optional(),
  two_share: z.number().min(0).max(1).optional(),
  letters: signs.default(A_TO_Z),
  sets: z.record(z.string().regex(/^[A-Z]$/), z.union([signs, z.array(signs).min(1)])).default({}),
  vanity: z.number().min(0).max(1).default(FREE_SHARE),
  read_as: z.record(sign, sign).default({}),
  written_as: z.record(sign, sign).optional(),
  umlauts: z.array(z.string().regex(/^[A-ZÄÖÜ]+$/, 'expected capital letters and umlauts')).default([]),
  latin_suffices: z.boolean().default(false),
  says: z.array(z.string().min(1)).default([]),
});

type Form = z.infer<typeof formSchema>;

/** Reads the plate formats of the world: FORMATS_INVALID names the form, the field and what was expected. */
export async function readFormats(file: string): Promise<readonly RegionForm[]> {
  const path = resolve(file);
  let rows: unknown;
  try {
    rows = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const message = `Expected ${path} to hold a list of plate formats as JSON: ${messageOf(cause)}`;
    throw new AlprError('FORMATS_INVALID', message, { cause });
  }
  const result = z.array(z.unknown()).min(1).safeParse(rows);
  if (!result.success) throw new AlprError('FORMATS_INVALID', `Expected ${path} to hold a list of plate formats`);
  return result.data.map((row, index) => toRegionForm(parseForm(row, index, path)));
}

function parseForm(row: unknown, index: number, path: string): Form {
  const result = formSchema.safeParse(row);
  if (result.success) return result.data;
  const code = typeof row === 'object' && row !== null && 'code' in row ? row.code : undefined;
  const where = `Form ${index + 1}${typeof code === 'string' ? ` ("${code}")` : ''} of ${path}`;
  const [why] = result.error.issues.map(({ path: field, message }) => `${field.join('.') || 'the form'}: ${message}`);
  throw new AlprError('FORMATS_INVALID', `${where} is not a plate format: ${why}`);
}

/** Patterns of one and of two lines are numbered alike: together they describe which texts are possible. */
function toRegionForm(form: Form): RegionForm {
  const twoShare = form.two ? (form.two_share ?? 0) : 0;
  return {
    region: nameRegion(form.code),
    weight: Math.max(form.weight, LEAST_WEIGHT),
    patterns: [...weighPatterns(form.one, 1 - twoShare), ...weighPatterns(form.two ?? [], twoShare)],
    letters: form.letters,
    sets: form.sets,
    freeShare: form.vanity,
    readAs: form.read_as,
    writtenAs: form.written_as,
    umlauts: form.umlauts,
    latinSuffices: form.latin_suffices,
    words: form.says.length > 0 ? [form.name, ...form.says] : [],
  };
}

/** Forms that the renderer does not draw (weight 0) still exist on the road. */
const LEAST_WEIGHT = 0.1;

function weighPatterns(patterns: readonly string[], share: number): SerialPattern[] {
  const weighed = patterns.map((text) => {
    const [marks = '', weight] = text.split('*');
    return { marks, weight: weight === undefined ? 1 : Number(weight) };
  });
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return weighed.map(({ marks, weight }) => ({ marks, weight: (share * weight) / total }));
}

/** The country or state of a form: `br-mercosul` belongs to `br`. */
function nameRegion(code: string): string {
  return code.replace(/-mercos.*/, '');
}
