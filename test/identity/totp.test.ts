import { expect, test } from 'vitest';
import { createRecoveryCodes, findPeriod, tidyRecoveryCode } from '../../src/identity/totp.ts';

const SECRET = Buffer.from('12345678901234567890');

// RFC 6238, appendix B, SHA-1: the last six of their eight digits.
test.each([
  [59, '287082', 0x1],
  [1111111109, '081804', 0x23523ec],
  [1111111111, '050471', 0x23523ed],
  [1234567890, '005924', 0x273ef07],
  [2000000000, '279037', 0x3f940aa],
  [20000000000, '353130', 0x27bc86aa],
])('at second %s the code is %s', (seconds, code, period) => {
  expect(findPeriod(SECRET, code, new Date(seconds * 1000))).toBe(period);
  // A clock may be half a minute wrong, and not more.
  expect(findPeriod(SECRET, code, new Date((seconds + 30) * 1000))).toBe(period);
  expect(findPeriod(SECRET, code, new Date((seconds + 60) * 1000))).toBeUndefined();
});

test('recovery codes are understood however they are typed', () => {
  const [code = ''] = createRecoveryCodes();
  expect(code).toMatch(/^(?:[a-hj-km-np-tv-z0-9]{6}-){3}[a-hj-km-np-tv-z0-9]{6}$/);
  expect(tidyRecoveryCode(` ${code.replaceAll('-', '').toUpperCase()} `)).toBe(code);
});
