import { describe, expect, test } from 'vitest';
import type { ChannelInput } from '../../src/contract/channel.ts';
import { checkTwilioSignature, describeTwilioStatus } from '../../src/exchange/twilio-status.ts';
import { makeMessage, openChannel } from './open-channel.ts';
import { TWILIO_SID } from './other-sides.ts';
import { type Answer, type Asked, openHttpSide } from './sides/http-side.ts';

const [ADA, BOB] = ['+4915550100', '+4915550101'];
const TAKEN: Answer = { status: 201, body: '{"sid":"SM1","status":"queued"}' };

const configure = (url: string, ca: string | undefined): ChannelInput => ({
  ...{
    id: 'phone',
    name: 'Phone',
    kind: 'twilio',
    account_sid: TWILIO_SID,
    auth_token: 'sesame',
    from: '+15005550006',
  },
  ...{ to: [ADA, BOB], callback_url: 'https://alpr.example.org/', api_url: url, ca, text: '{{ passage.text }}' },
});

const recipientOf = ({ body }: Asked) => new URLSearchParams(String(body)).get('To');

describe('A text message', () => {
  test('is asked for as the API wants it, once for each recipient', async () => {
    await using side = await openHttpSide(() => TAKEN);
    await using channel = await openChannel(configure(side.url, side.ca));
    const { answer } = await channel.send(makeMessage({ key: 'a:1:phone' }));
    expect(answer).toBe('queued SM1; queued SM1');
    const [asked] = side.asked;
    expect(asked?.path).toBe(`/2010-04-01/Accounts/${TWILIO_SID}/Messages.json`);
    expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from(`${TWILIO_SID}:sesame`).toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(String(asked?.body)))).toEqual({
      To: ADA,
      From: '+15005550006',
      Body: 'B1234AB',
      StatusCallback: 'https://alpr.example.org/api/v1/alerts/channels/phone/status?key=a%3A1%3Aphone',
    });
    expect(side.asked.map(recipientOf).toSorted()).toEqual([ADA, BOB]);
  });

  test('reaches whoever it did not reach, and nobody twice', async () => {
    let isBusy = true;
    await using side = await openHttpSide((asked) =>
      isBusy && recipientOf(asked) === BOB ? { status: 429, body: '' } : TAKEN,
    );
    await using channel = await openChannel(configure(side.url, side.ca));
    const fault = await channel.send(makeMessage()).catch((error) => error);
    expect(fault).toMatchObject({ code: 'DELIVERY_FAILED', mayHaveArrived: true });
    isBusy = false;
    side.asked.length = 0;
    await channel.send(makeMessage({ progress: fault.progress }));
    expect(side.asked.map(recipientOf)).toEqual([BOB]);
  });

  test('leaves out a number that cannot be had, and is refused where there is no other', async () => {
    await using side = await openHttpSide((asked) =>
      recipientOf(asked) === BOB ? { status: 400, body: '{"code":21211}' } : TAKEN,
    );
    await using both = await openChannel(configure(side.url, side.ca));
    expect((await both.send(makeMessage())).answer).toMatch(/^queued SM1; refused: .*21211/);
    await using one = await openChannel({ ...configure(side.url, side.ca), to: [BOB] } as ChannelInput);
    await expect(one.send(makeMessage())).rejects.toMatchObject({ code: 'DELIVERY_REFUSED' });
  });
});

describe('A status callback', () => {
  // From the tests of Twilio's own library for Node.
  const known = {
    url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
    form: {
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      Digits: '1234',
      From: '+14158675309',
      To: '+18005551212',
    },
    signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
  };

  test('is believed if Twilio signed it, and not if anything of it is another', () => {
    expect(checkTwilioSignature('12345', known)).toBe(true);
    expect(checkTwilioSignature('12346', known)).toBe(false);
    expect(checkTwilioSignature('12345', { ...known, url: `${known.url}&x=1` })).toBe(false);
    expect(checkTwilioSignature('12345', { ...known, form: { ...known.form, Digits: '1235' } })).toBe(false);
    expect(checkTwilioSignature('12345', { ...known, signature: '' })).toBe(false);
  });

  test('says what became of the message, and nothing that is not of Twilio’s words', () => {
    expect(describeTwilioStatus({ MessageStatus: 'delivered', To: ADA ?? '' })).toBe('delivered to +4915550100');
    expect(describeTwilioStatus({ MessageStatus: 'failed', ErrorCode: '30003' })).toBe('failed, error 30003');
    expect(describeTwilioStatus({ MessageStatus: '<script>' })).toBeUndefined();
  });
});
