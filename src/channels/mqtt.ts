import { connectAsync, type IClientOptions, type IClientPublishOptions, type MqttClient } from 'mqtt';
import { messageOf } from '../base/errors.ts';
import type { ChannelOf } from '../contract/channel.ts';
import { type Channel, DeliveryError, type Message } from './channel.ts';
import { describeForHomeAssistant, type Publication, showInHomeAssistant, toId } from './home-assistant.ts';

type MqttConfig = ChannelOf<'mqtt'>;
type Given = Readonly<{ site: string }>;

const CONNECT_MS = 10_000;
const RECONNECT_MS = 2000;

/** Publishes alerts over MQTT 5.0, at least once (QoS 1), and tells the broker to say so when this program is gone. */
export function openMqtt(config: MqttConfig, { site }: Given): Channel {
  const available = `${config.topic}/status`;
  /** Descriptions that the broker has, by their topics. */
  const described = new Map<string, string>();
  let connecting: Promise<MqttClient> | undefined;

  async function connect(): Promise<MqttClient> {
    const client = await connectAsync(config.url, createOptions(config, available), false);
    // Without a listener an error of the connection would end the process.
    client.on('error', () => undefined);
    client.on('connect', () => {
      described.clear();
      announce(client, 'online').catch(() => undefined);
    });
    await announce(client, 'online');
    return client;
  }

  const announce = (client: MqttClient, payload: 'online' | 'offline') =>
    publish(client, { topic: available, payload, retain: true });

  async function publishAlert(client: MqttClient, message: Message): Promise<string> {
    const topic = nameTopic(config, message);
    if (config.home_assistant) {
      for (const one of describeForHomeAssistant(message, config, { site, available })) {
        if (described.get(one.topic) === one.payload) continue;
        await publish(client, one);
        described.set(one.topic, one.payload);
      }
      for (const one of showInHomeAssistant(message, config)) await publish(client, one);
    }
    const { kind, alert, key } = message;
    await publish(
      client,
      { topic, payload: JSON.stringify({ kind, alert }), retain: false },
      {
        contentType: 'application/json',
        userProperties: { key },
        ...(config.expiry_seconds > 0 && { messageExpiryInterval: config.expiry_seconds }),
      },
    );
    return topic;
  }

  return {
    async send(message) {
      connecting ??= connect();
      const client = await connecting.catch((cause: unknown) => {
        connecting = undefined;
        throw new DeliveryError('DELIVERY_FAILED', `Expected a connection to the broker: ${messageOf(cause)}`, {
          cause,
        });
      });
      if (!client.connected)
        throw new DeliveryError('DELIVERY_FAILED', 'Expected a connection to the broker; it is away');
      const { promise: lost, reject } = Promise.withResolvers<never>();
      const onClose = () => reject(new Error('the connection was lost'));
      client.once('close', onClose);
      message.signal.addEventListener('abort', onClose, { once: true });
      try {
        const recipient = await Promise.race([publishAlert(client, message), lost]);
        return { recipient, answer: 'acknowledged' };
      } catch (cause) {
        const why = `Expected the broker to acknowledge: ${messageOf(cause)}`;
        throw new DeliveryError('DELIVERY_FAILED', why, { cause, mayHaveArrived: true });
      } finally {
        client.off('close', onClose);
        message.signal.removeEventListener('abort', onClose);
      }
    },
    async [Symbol.asyncDispose]() {
      const client = await connecting?.catch(() => undefined);
      if (client?.connected) await announce(client, 'offline');
      await client?.endAsync(true);
    },
  };
}

const publish = (
  client: MqttClient,
  { topic, payload, retain }: Publication,
  properties?: IClientPublishOptions['properties'],
) => client.publishAsync(topic, payload, { qos: 1, retain, ...(properties && { properties }) });

function createOptions(config: MqttConfig, available: string): IClientOptions {
  const { user, password, ca } = config;
  return {
    protocolVersion: 5,
    clean: true,
    connectTimeout: CONNECT_MS,
    reconnectPeriod: RECONNECT_MS,
    queueQoSZero: false,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
    will: { topic: available, payload: Buffer.from('offline'), qos: 1, retain: true },
  };
}

function nameTopic({ topic }: MqttConfig, { alert, kind }: Message): string {
  if (kind === 'test') return `${topic}/test`;
  const what = alert.passage ? alert.passage.camera_id : (alert.system?.what ?? 'system');
  return `${topic}/alerts/${toId(what)}/${toId(alert.rule.id)}`;
}
