import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChannelInput } from '../../src/contract/channel.ts';
import { makeAlert } from '../alerts/make-alert.ts';
import { makeMessage, openChannel, PICTURE } from './open-channel.ts';
import { openSmtpSide, type SmtpSide } from './sides/smtp-side.ts';

let side: SmtpSide;
beforeAll(async () => {
  side = await openSmtpSide();
});
afterAll(() => side?.[Symbol.asyncDispose]());
beforeEach(() => {
  side.mode = 'well';
});

const configure = (changes: object = {}): ChannelInput => ({
  ...{ id: 'mail', name: 'Guards', kind: 'smtp', host: '127.0.0.1', port: side.port, ca: side.ca },
  ...{ user: 'gate', password: 'right', from: 'Gate <gate@example.org>', to: ['guard@example.org'] },
  ...changes,
});

async function send(input: ChannelInput, message = makeMessage()) {
  await using channel = await openChannel(input);
  return await channel.send(message);
}

/** The part of a mail with this type, decoded. */
function partOf(mail: string, type: string): string {
  const part = mail.split(/\r\n--/).find((one) => one.toLowerCase().includes(`content-type: ${type}`)) ?? '';
  const [head = '', ...body] = part.split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  if (/quoted-printable/i.test(head)) {
    const bytes = text
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
  return /base64/i.test(head) ? Buffer.from(text, 'base64').toString('latin1') : text;
}

describe('A mail', () => {
  test('has a subject, text, HTML with escaped values, and the picture inline', async () => {
    const { answer, recipient } = await send(configure());
    expect([recipient, answer]).toEqual(['guard@example.org', expect.stringMatching(/^250/)]);
    const { text: mail = '', to } = side.mails.at(-1) ?? {};
    expect(to).toEqual(['guard@example.org']);
    expect(mail).toMatch(/^Subject: =\?UTF-8\?Q\?B1234AB_=E2=80=93_Open_the_gate\?=/m);
    const text = partOf(mail, 'text/plain');
    expect(text).toContain('B1234AB is on the list staff');
    expect(text).toContain('Camera: Main gate (in)');
    expect(text).toMatch(/Time: Nov 21, 2026, 1:35:12.PM/);
    expect(text).toContain('On the list: Ada <Lovelace>, Second "car"');
    const html = partOf(mail, 'text/html');
    expect(html).toContain('Ada &lt;Lovelace&gt;');
    expect(html).not.toContain('<Lovelace>');
    expect(html).toContain('src="cid:picture@alpr"');
    expect(mail).toContain('Content-ID: <picture@alpr>');
    expect(partOf(mail, 'image/jpeg')).toBe(Buffer.from(PICTURE).toString('latin1'));
  });

  test('about an earlier one answers it, under the name of its own message', async () => {
    const { reference } = await send(configure(), makeMessage({ key: 'a:1:mail' }));
    const correction = makeMessage({ key: 'a:2:mail', kind: 'withdrawn', ...(reference && { earlier: reference }) });
    const { reference: later } = await send(configure(), correction);
    const mail = side.mails.at(-1)?.text;
    expect(mail).toMatch(/^Message-ID: <a.2.mail@example.org>/m);
    expect(mail).toMatch(/^In-Reply-To: <a.1.mail@example.org>/m);
    expect(mail).toMatch(/^Subject: .*Withdrawn/m);
    expect(later).toEqual(reference);
  });

  test('takes the templates of its channel', async () => {
    const html = '<b>{{ passage.plate }}</b> {{ matched.entry.note }} {{ nothing.at.all }}';
    await send(configure({ title: 'Hi {{ rule.id }}', text: '{{ passage.detected_at }}', html, picture: 'none' }));
    const mail = side.mails.at(-1)?.text ?? '';
    expect(mail).toMatch(/^Subject: Hi gate\r$/m);
    expect(partOf(mail, 'text/plain')).toContain('2026-11-21T13:35:12.000Z');
    expect(partOf(mail, 'text/html')).toContain('<b>B1234AB</b> Second &#34;car&#34;');
  });

  test('a line end in a title or a name begins no header', async () => {
    const alert = makeAlert();
    const rule = { ...alert.rule, name: 'Gate\r\nBcc: spy@evil.example' };
    const title = 'Hi {{ rule.name }}\r\nCc: spy@evil.example';
    await send(configure({ title }), makeMessage({ alert: { ...alert, rule } }));
    const { text: mail = '', to } = side.mails.at(-1) ?? {};
    expect(to).toEqual(['guard@example.org']);
    const [head = ''] = mail.split('\r\n\r\n');
    expect(head).toMatch(/^Subject: Hi Gate/m);
    expect(head).not.toMatch(/^B?cc:/im);
  });

  test.each([
    ['a recipient that does not exist', 'rejects', 'DELIVERY_REFUSED'],
    ['a mail that it never takes', 554, 'DELIVERY_REFUSED'],
    ['a full mailbox', 452, 'DELIVERY_FAILED'],
  ] as const)('is refused or put off as the server says: %s', async (_what, mode, code) => {
    side.mode = mode;
    await expect(send(configure())).rejects.toMatchObject({ code, mayHaveArrived: false });
  });

  test('waits for people who mend a wrong password', async () => {
    await expect(send(configure({ password: 'wrong' }))).rejects.toMatchObject({
      code: 'DELIVERY_FAILED',
      mayHaveArrived: false,
    });
  });

  test('is not sent in the open to a server that offers no encryption, unless that is wanted', async () => {
    await using open = await openSmtpSide({
      hideSTARTTLS: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
    });
    await expect(send(configure({ port: open.port }))).rejects.toMatchObject({ code: 'DELIVERY_FAILED' });
    await send(configure({ port: open.port, security: 'none' }));
    expect(open.mails).toHaveLength(1);
  });

  test('goes over a connection that is encrypted from its beginning', async () => {
    await using tls = await openSmtpSide({ secure: true });
    await send(
      configure({ port: tls.port, ca: tls.ca, security: 'tls' }),
      makeMessage({ alert: makeAlert({}, 'TLS1') }),
    );
    expect(tls.mails.at(-1)?.text).toContain('TLS1');
  });
});
