import { createTransport, type SentMessageInfo, type Transporter } from 'nodemailer';
import { codeOf, messageOf } from '../base/errors.ts';
import type { ChannelOf } from '../contract/channel.ts';
import { type Channel, DeliveryError } from './channel.ts';
import { isNotConnected } from './http.ts';
import type { Templates } from './templates.ts';

const CID = 'picture@alpr';
const TIMEOUTS = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 60_000 } as const;

const HTML = `<p><strong>{{ title }}</strong></p>
<p>{{ text | escape | newline_to_br | raw }}</p>
{% if picture %}<p><img src="{{ picture }}" alt="{{ passage.text }}" style="max-width:100%"></p>{% endif %}`;

/** Sends alerts as mails. A mail about an earlier one is an answer to it, so that programs show both together. */
export function openSmtp(config: ChannelOf<'smtp'>, { templates }: Readonly<{ templates: Templates }>): Channel {
  const { host, port, security, user, password, ca } = config;
  const transport = createTransport({
    ...{ host, port, ...TIMEOUTS },
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { ...(ca !== undefined && { ca }) },
    ...(user !== undefined && password !== undefined && { auth: { user, pass: password } }),
  });
  const domain = /@([A-Za-z0-9.-]+)/.exec(config.from)?.[1] ?? 'alpr.invalid';
  // Of the signs of a key, those that a name of a mail may have.
  const nameMail = (key: string) => `<${key.replaceAll(/[^A-Za-z0-9_-]/g, '.')}@${domain}>`;

  return {
    async send(message) {
      const { title, text, scope } = templates.write(message, config);
      const picture = config.picture === 'none' ? undefined : (await message.pictures())[config.picture];
      const shown = { ...scope, picture: picture ? `cid:${CID}` : null };
      const earlier = message.earlier?.message_id;
      const answer = await sendMail(transport, {
        from: config.from,
        to: [...config.to],
        subject: title,
        text,
        html: templates.renderHtml(config.html ?? HTML, shown),
        messageId: nameMail(message.key),
        ...(typeof earlier === 'string' && { inReplyTo: earlier, references: earlier }),
        ...(message.alert.rule.severity === 'critical' && { priority: 'high' }),
        ...(picture && {
          attachments: [
            { filename: 'picture.jpg', content: Buffer.from(picture), contentType: 'image/jpeg', cid: CID },
          ],
        }),
      });
      // Later mails answer the first one.
      const reference = { message_id: typeof earlier === 'string' ? earlier : nameMail(message.key) };
      const refused = (answer.rejected ?? []).map(String);
      const missing = refused.length > 0 ? `; refused for ${refused.join(', ')}` : '';
      return {
        recipient: (answer.accepted ?? []).map(String).join(', '),
        answer: `${answer.response}${missing}`,
        reference,
      };
    },
    async [Symbol.asyncDispose]() {
      transport.close();
    },
  };
}

async function sendMail(transport: Transporter<SentMessageInfo>, mail: Parameters<typeof transport.sendMail>[0]) {
  try {
    return await transport.sendMail(mail);
  } catch (error) {
    throw toDeliveryError(error);
  }
}

/** A lasting answer (5xx) about recipients or the mail is final. One about signing in or the connection is mended by people. */
function toDeliveryError(error: unknown): DeliveryError {
  const status = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
  const command = error instanceof Error && 'command' in error ? String(error.command) : '';
  const isRefused = status >= 500 && ['EENVELOPE', 'EMESSAGE'].includes(codeOf(error));
  // An answer says that it was not taken. Without one it may have been, once the mail itself was on its way.
  const mayHaveArrived =
    status === 0 &&
    !isNotConnected(error) &&
    !['CONN', 'EHLO', 'STARTTLS'].includes(command) &&
    !/^(EDNS|ETLS|EAUTH)/.test(codeOf(error));
  return new DeliveryError(
    isRefused ? 'DELIVERY_REFUSED' : 'DELIVERY_FAILED',
    `Expected the mail server to take the mail: ${messageOf(error)}`,
    { cause: error, mayHaveArrived },
  );
}
