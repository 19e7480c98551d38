import { createHmac, timingSafeEqual } from 'node:crypto';

/** Fields of a form as it was posted. */
type Form = Readonly<Record<string, string>>;

/** Path of status callbacks, below the public address of this system. */
export function twilioStatusPath(channel: string, key: string): string {
  return `/api/v1/alerts/channels/${encodeURIComponent(channel)}/status?key=${encodeURIComponent(key)}`;
}

/**
 * Whether Twilio signed a request, given the address that it was told to ask, and the form (`X-Twilio-Signature`:
 * https://www.twilio.com/docs/usage/security#validating-requests).
 */
export function checkTwilioSignature(
  authToken: string,
  { url, form, signature }: Readonly<{ url: string; form: Form; signature: string }>,
): boolean {
  const fields = Object.entries(form).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const signed = url + fields.map(([name, value]) => name + value).join('');
  const expected = createHmac('sha1', authToken).update(signed).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** For the log: what became of a message, such as `delivered to +4930123456`; undefined for a form that does not say. */
export function describeTwilioStatus(form: Form): string | undefined {
  const { MessageStatus: status, To: to, ErrorCode: error } = form;
  if (status === undefined || !/^[a-z_]{1,32}$/.test(status)) return undefined;
  const whom = to !== undefined && /^\+\d{1,15}$/.test(to) ? ` to ${to}` : '';
  return `${status}${whom}${error !== undefined && /^\d{1,8}$/.test(error) ? `, error ${error}` : ''}`;
}
