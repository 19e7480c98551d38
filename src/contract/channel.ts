import { z } from 'zod';
import { idSchema } from './rule.ts';

/** A field that is kept sealed and never shown again. */
const secret = (description: string) => z.string().min(1).max(4096).optional().meta({ secret: true, description });
const template = (max: number) => z.string().min(1).max(max).optional();
const host = z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'expected the name or address of a host');
const httpAddress = z.url({ protocol: /^https?$/ }).max(2000);
const mailbox = z
  .string()
  .max(320)
  .regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, 'expected an address such as gate@example.org');
const phone = z.string().regex(/^\+[1-9]\d{5,14}$/, 'expected a number such as +4930123456');
const certificate = z
  .string()
  .max(65_536)
  .regex(/^-----BEGIN /, 'expected PEM text');
const picture = z.enum(['plate', 'vehicle', 'frame', 'none']);

const common = {
  id: idSchema.describe('Name of the channel in rules.'),
  name: z.string().trim().min(1).max(200).describe('Name of the channel for people.'),
  enabled: z.boolean().default(true).describe('Whether it sends. While it does not, alerts for it wait.'),
  max_age_seconds: z
    .int()
    .min(1)
    .max(2_592_000)
    .optional()
    .describe(
      'Age from which a message is sent no more, such as 10 for a gate; `alerts.delivery.give_up_hours` if left out.',
    ),
  opens: z
    .boolean()
    .default(false)
    .describe('Whether people may open a gate by hand through it, for example a webhook of its controller.'),
};

const perMinute = (standard: number) =>
  z
    .int()
    .min(1)
    .max(100_000)
    .default(standard)
    .describe('Messages a minute at most; more than that wait. Raising it may go beyond what the other side takes.');

const texts = {
  title: template(500).describe('Liquid template of the title; a short default if left out.'),
  text: template(8000).describe('Liquid template of the text; a short default if left out.'),
};

const ca = certificate
  .optional()
  .describe('Certificate authority of the server as PEM; those of the system if left out.');

const smtp = z
  .strictObject({
    ...common,
    kind: z.literal('smtp'),
    host: host.describe('Mail server.'),
    port: z.int().min(1).max(65_535).default(587).describe('Port: usually 587 with `starttls`, 465 with `tls`.'),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe('How the connection is encrypted. With `starttls`, nothing is sent unless the server offers it.'),
    ca,
    user: z.string().min(1).max(320).optional().describe('Name to sign in with; without it nobody signs in.'),
    password: secret('Password to sign in with.'),
    from: z.string().min(3).max(320).describe('Sender, such as `Gate <gate@example.org>`.'),
    to: z.array(mailbox).min(1).max(50).describe('Recipients.'),
    picture: picture.default('vehicle').describe('Picture shown in the mail.'),
    ...texts,
    html: template(32_000).describe('Liquid template of the HTML; values are escaped. A plain default if left out.'),
    per_minute: perMinute(30),
  })
  .describe('E-mail.');

const slack = z
  .strictObject({
    ...common,
    kind: z.literal('slack'),
    webhook_url: secret('Address of an incoming webhook; it takes no pictures and cannot be corrected in place.'),
    bot_token: secret('Token of a bot (`xoxb-…`) with the scopes `chat:write` and, for pictures, `files:write`.'),
    channel: z
      .string()
      .regex(/^[A-Z0-9]{2,30}$/, 'expected an id such as C0123456789')
      .optional()
      .describe('Id of the channel that the bot writes to.'),
    picture: picture.default('vehicle').describe('Picture that the bot adds.'),
    api_url: httpAddress.default('https://slack.com/api').describe('Address of the Web API.'),
    ca,
    ...texts,
    per_minute: perMinute(50),
  })
  .describe('Slack.');

const twilio = z
  .strictObject({
    ...common,
    kind: z.literal('twilio'),
    account_sid: z
      .string()
      .regex(/^AC[0-9a-f]{32}$/, 'expected AC and 32 hex digits')
      .describe('SID of the account.'),
    auth_token: secret('Auth token of the account, which also signs status callbacks.'),
    from: z
      .union(
        [phone, z.string().regex(/^MG[0-9a-f]{32}$/)],
        'expected a number such as +4930123456, or MG and 32 hex digits',
      )
      .describe('Sender: a number, or the SID of a messaging service.'),
    to: z.array(phone).min(1).max(20).describe('Recipients.'),
    callback_url: httpAddress
      .optional()
      .describe(
        'Public address of this system, such as `https://alpr.example.org`, to which Twilio reports what became of a message.',
      ),
    api_url: httpAddress.default('https://api.twilio.com').describe('Address of the REST API.'),
    ca,
    text: template(1600).describe('Liquid template of the text; a short default if left out.'),
    per_minute: perMinute(60),
  })
  .describe('Text messages by Twilio.');

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/);
const values = z.record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/), z.string().max(2000));

const webhook = z
  .strictObject({
    ...common,
    kind: z.literal('webhook'),
    preset: z
      .string()
      .regex(/^[a-z0-9_-]{1,32}$/)
      .optional()
      .describe('A file of `channel-presets/`, such as `ntfy`, that gives what is left out here.'),
    url: z
      .string()
      .min(1)
      .max(2000)
      .optional()
      .describe('Address that alerts are posted to. A Liquid template that may use `token` and `values`.'),
    headers: z
      .record(headerName, z.string().max(2000))
      .default({})
      .describe('Headers to add. Liquid templates that may use `token` and `values`.'),
    format: z
      .enum(['alert', 'rekor', 'plate_recognizer', 'template'])
      .default('alert')
      .describe(
        'What is posted: our own JSON, the JSON of a webhook of Rekor Scout or Plate Recognizer Stream, or the `body`. Theirs know no withdrawal and no alerts of the system, so that these are left out.',
      ),
    body: template(32_000).describe(
      'Liquid template of the body, with every field of the alert, `token` and `values`.',
    ),
    content_type: z.string().max(200).optional().describe('Type of the body; `application/json` if left out.'),
    values: values.default({}).describe('Values that the templates use, such as the name of a topic.'),
    token: secret('Secret that the templates use as `token`.'),
    signing_secret: secret('Secret of Standard Webhooks (`whsec_…`) that each request is signed with.'),
    previous_signing_secret: secret('The secret before, which signs as well until every receiver knows the new one.'),
    ordered: z
      .boolean()
      .default(true)
      .describe(
        'Whether requests go one after the other, in the order of the alerts, so that one that fails holds up the next.',
      ),
    ca,
    ...texts,
    per_minute: perMinute(600),
  })
  .describe('Requests to any address.');

const mqtt = z
  .strictObject({
    ...common,
    kind: z.literal('mqtt'),
    url: z
      .string()
      .max(2000)
      .regex(/^mqtts?:\/\/[A-Za-z0-9.:[\]_-]+\/?$/, 'expected mqtt://host:port or mqtts://host:port')
      .describe('Broker. With `mqtts` the connection is encrypted.'),
    ca,
    user: z.string().min(1).max(320).optional().describe('Name to sign in with.'),
    password: secret('Password to sign in with.'),
    topic: z
      .string()
      .regex(/^[^#+\0/$][^#+\0]{0,98}[^#+\0/]$/, 'expected a topic without # and +')
      .default('alpr')
      .describe('Topic below which everything is published.'),
    expiry_seconds: z
      .int()
      .min(0)
      .max(31_536_000)
      .default(86_400)
      .describe('Time after which the broker forgets an alert that a subscriber did not fetch; 0 for never.'),
    home_assistant: z
      .boolean()
      .default(false)
      .describe('Whether cameras and rules appear in Home Assistant by themselves.'),
    discovery_topic: z
      .string()
      .regex(/^[^#+\0]{1,100}$/)
      .default('homeassistant')
      .describe('Topic on which Home Assistant looks for devices.'),
    on_seconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(30)
      .describe('Time after which Home Assistant shows the sensor of a rule as off again.'),
    per_minute: perMinute(6000),
  })
  .describe('MQTT 5.0, and Home Assistant.');

const webPush = z
  .strictObject({
    ...common,
    kind: z.literal('web_push'),
    contact: z
      .string()
      .max(320)
      .regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'expected mailto:… or https://…')
      .describe('Where the operators of push services can reach you, such as `mailto:gate@example.org`.'),
    expiry_seconds: z
      .int()
      .min(0)
      .max(2_419_200)
      .default(3600)
      .describe('Time for which the push service keeps a message for a browser that is not running.'),
    ...texts,
    per_minute: perMinute(600),
  })
  .describe('Notifications in browsers of people who asked for them there.');

/** A channel as it is written and shown: secrets may be left out. */
export const channelFieldsSchema = z.discriminatedUnion('kind', [smtp, slack, twilio, webhook, mqtt, webPush]);

/** A channel that can send, with its secrets. */
export const channelSchema = channelFieldsSchema.superRefine((channel, context) => {
  for (const [path, message] of listGaps(channel)) context.addIssue({ code: 'custom', path: [path], message });
});

export type Channel = Readonly<z.infer<typeof channelSchema>>;
/** A channel as it is shown, with secrets or without. */
export type ChannelFields = Readonly<z.infer<typeof channelFieldsSchema>>;
/** A channel as it is written, before defaults. */
export type ChannelInput = Readonly<z.input<typeof channelFieldsSchema>>;
export type ChannelKind = Channel['kind'];
export type ChannelOf<Kind extends ChannelKind> = Readonly<Extract<Channel, { kind: Kind }>>;

/** What a channel needs besides what its fields say one by one. */
function listGaps(channel: z.infer<typeof channelFieldsSchema>): readonly (readonly [string, string])[] {
  switch (channel.kind) {
    case 'smtp':
      return (channel.user === undefined) === (channel.password === undefined)
        ? []
        : [['password', 'expected both user and password, or neither']];
    case 'slack': {
      const isBot = channel.bot_token !== undefined;
      if (isBot === (channel.webhook_url !== undefined))
        return [['bot_token', 'expected either bot_token or webhook_url']];
      return isBot && channel.channel === undefined
        ? [['channel', 'expected the id of a channel beside bot_token']]
        : [];
    }
    case 'twilio':
      return channel.auth_token === undefined ? [['auth_token', 'expected the auth token of the account']] : [];
    case 'webhook':
      return [
        ...(channel.url === undefined && channel.preset === undefined ? [['url', 'expected an address'] as const] : []),
        ...(channel.format === 'template' && channel.body === undefined && channel.preset === undefined
          ? [['body', 'expected a template of the body beside format template'] as const]
          : []),
        ...(['signing_secret', 'previous_signing_secret'] as const).flatMap((name) =>
          channel[name] === undefined || /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(channel[name])
            ? []
            : [[name, 'expected whsec_ and 24 to 64 bytes in base64'] as const],
        ),
      ];
    case 'mqtt':
    case 'web_push':
      return [];
  }
}
