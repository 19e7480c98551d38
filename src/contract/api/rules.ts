import { z } from 'zod';
import { idSchema, ruleSchema } from '../rule.ts';

const moment = z.iso.datetime({ precision: 3 });

/** A rule, where it comes from, and how it did. */
export const keptRuleSchema = z.strictObject({
  rule: ruleSchema,
  origin: z.enum(['page', 'file']).describe('Rules of the file are changed there alone'),
  is_overruled: z.boolean().describe('Whether the file has a rule of the same id, which counts instead'),
  changed_by: z.string(),
  at: moment,
  alerts_last_day: z.int().min(0),
  right: z.int().min(0).describe('Alerts that people called right'),
  wrong: z.int().min(0).describe('Alerts that people called wrong'),
});

export type KeptRule = Readonly<z.infer<typeof keptRuleSchema>>;

/** Every rule, by name, and how it stands with the file. */
export const keptRulesSchema = z.strictObject({
  rules: z.array(keptRuleSchema).readonly(),
  file: z
    .strictObject({ path: z.string(), error: z.string().nullable() })
    .nullable()
    .describe('The file of rules that is in force, and what is wrong with its newest text'),
});

export const ruleParamsSchema = z.strictObject({ rule: idSchema });

/** A rule as YAML, as it stands in the file. */
export const ruleYamlSchema = z.strictObject({ yaml: z.string().min(1).max(20_000) });

/** A rule in both shapes; what does not fit is told with its line. */
export const checkedRuleSchema = z.strictObject({ rule: ruleSchema, yaml: z.string() });
