import { readFile } from 'node:fs/promises';
import type { Config } from '../../app/config.ts';
import { AlprError, messageOf } from '../../base/errors.ts';
import { parseRulesFile } from '../../rules/parse-rules-file.ts';
import { checkRule } from '../../rules/rule-book.ts';

/** Says what a file of rules has; RULE_INVALID says what does not fit, and where. */
export async function checkRulesFile({ alerts: { secrets } }: Config, file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AlprError('INPUT_INVALID', `Expected a file of rules at ${file}: ${messageOf(cause)}`, { cause });
  });
  const { rules, channels } = parseRulesFile(text, { secrets, check: checkRule });
  console.log(`${file} fits: rules ${rules.length}, channels ${channels.length}`);
}
