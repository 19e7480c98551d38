import { describe, test } from 'vitest';
import { whyMissing } from '../../tools/servers/cache.ts';
import type { ServerName } from '../../tools/servers/packages.ts';

/** A suite over real servers: skipped with the reason where one is not installed, a failure there with CI=true. */
export function describeWith(names: readonly ServerName[], title: string, suite: () => void): void {
  const reasons = names.map(whyMissing).filter((why) => why !== undefined);
  if (reasons.length === 0) {
    describe(title, suite);
    return;
  }
  const reason = reasons.join('; ');
  describe(title, () => {
    test('needs servers that are not installed', (context) => {
      if (process.env.CI) throw new Error(reason);
      process.stderr.write(`skipped: ${title}: ${reason}\n`);
      context.skip(reason);
    });
  });
}
