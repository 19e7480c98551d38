import { join, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { listUnitTests } from './unit-tests.ts';

const ROOT = join(import.meta.dirname, '..');

/**
 * Begins with the files that start servers, browsers and processes, which may take half a minute each. Those that only compute
 * come last: they are short, so that all workers end together.
 */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const short = new Set(listUnitTests());
    const sorted = await super.sort(files);
    const isShort = ({ moduleId }: TestSpecification) => short.has(relative(ROOT, moduleId));
    return [...sorted.filter((file) => !isShort(file)), ...sorted.filter(isShort)];
  }
}
