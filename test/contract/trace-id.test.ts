import { expect, test } from 'vitest';
import { rootSpanIdOf, traceIdOf } from '../../src/contract/trace-id.ts';

test('a trace has the id of its event, and the root span its last 16 digits', () => {
  const id = '019AD3F2-7c1e-7b3a-9f00-0123456789ab';
  expect(traceIdOf(id)).toBe('019ad3f27c1e7b3a9f000123456789ab');
  expect(rootSpanIdOf(traceIdOf(id))).toBe('9f000123456789ab');
});
