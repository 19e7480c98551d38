import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cameraConfigSchema } from '../../src/camera/config.ts';

test('Every kind of camera does what the contract asks, but for usb, which needs a device', () => {
  const kinds = cameraConfigSchema.options.flatMap(({ shape }) => [...shape.kind.values]);
  const files = globSync('**/*.test.ts', { cwd: import.meta.dirname });
  const tested = files.flatMap((file) => {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    return [...text.matchAll(/^testCamera\('(\w+)'/gm)].map(([, kind]) => kind);
  });
  expect([...tested, 'usb'].toSorted()).toEqual(kinds.toSorted());
});
