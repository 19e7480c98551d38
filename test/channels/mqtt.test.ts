import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChannelInput } from '../../src/contract/channel.ts';
import { makeAlert } from '../alerts/make-alert.ts';
import { describeWith, startMosquitto } from '../servers/servers.ts';
import { makeMessage, openChannel } from './open-channel.ts';

describeWith(['mosquitto'], 'MQTT', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let watcher: MqttClient;
  const packets = new Map<string, IPublishPacket>();
  beforeAll(async () => {
    broker = await startMosquitto();
    watcher = await connectAsync(broker.url, { protocolVersion: 5 });
    watcher.on('message', (topic, _payload, packet) => packets.set(topic, packet));
    await watcher.subscribeAsync('#', { qos: 1 });
  }, 30_000);
  afterAll(async () => {
    await watcher?.endAsync(true);
    await broker?.[Symbol.asyncDispose]();
  });

  const configure = (changes: object = {}): ChannelInput => ({
    id: 'bus',
    name: 'Bus',
    kind: 'mqtt',
    url: broker.url,
    ...changes,
  });
  const textOf = (topic: string) => packets.get(topic)?.payload.toString();
  const jsonOf = (topic: string) => JSON.parse(textOf(topic) ?? 'null');

  test('publishes an alert with its name, its type and the time after which it is forgotten', async () => {
    await using channel = await openChannel(configure({ expiry_seconds: 600 }));
    const { recipient } = await channel.send(makeMessage({ key: 'a:1:bus' }));
    expect(recipient).toBe('alpr/alerts/gate/gate');
    await expect.poll(() => jsonOf(recipient)?.alert.passage.plate).toBe('B1234AB');
    const { qos, retain, properties } = packets.get(recipient) ?? {};
    expect([qos, retain]).toEqual([1, false]);
    expect(properties).toMatchObject({ contentType: 'application/json', userProperties: { key: 'a:1:bus' } });
    expect(properties?.messageExpiryInterval).toBeGreaterThan(590);
  });

  test('keeps on a topic whether it is there, also when it is cut off or ends', async () => {
    const { secureUrl: url, ca, user, password } = broker;
    const channel = await openChannel(configure({ url, ca, user, password, topic: 'site/a' }));
    await channel.send(makeMessage());
    await expect.poll(() => textOf('site/a/status')).toBe('online');
    await broker.control.kill();
    await broker.control.restart();
    // The broker kept the last will, or the channel is back before it.
    await expect
      .poll(
        () =>
          channel.send(makeMessage()).then(
            () => 'sent',
            () => 'failed',
          ),
        { timeout: 15_000, interval: 500 },
      )
      .toBe('sent');
    await channel[Symbol.asyncDispose]();
    await expect.poll(() => textOf('site/a/status')).toBe('offline');
  }, 30_000);

  // https://www.home-assistant.io/integrations/mqtt/#discovery-messages
  test('shows cameras and rules to Home Assistant, and what they saw last', async () => {
    await using channel = await openChannel(configure({ home_assistant: true, on_seconds: 10 }));
    await channel.send(makeMessage({ alert: makeAlert({}, 'HA1') }));
    const device = {
      identifiers: ['alpr_home_gate'],
      name: 'Main gate',
      manufacturer: 'OVR-ALPR',
      model: 'Licence plate camera',
    };
    await expect
      .poll(() => jsonOf('homeassistant/sensor/alpr_home_gate/last_plate/config'))
      .toMatchObject({
        unique_id: 'alpr_home_gate_last_plate',
        state_topic: 'alpr/cameras/gate/last',
        value_template: '{{ value_json.plate }}',
        availability_topic: 'alpr/status',
        device,
      });
    expect(jsonOf('homeassistant/binary_sensor/alpr_home_gate/rule_gate/config')).toMatchObject({
      name: 'Open the gate',
      state_topic: 'alpr/cameras/gate/rules/gate',
      off_delay: 10,
      device,
    });
    expect(jsonOf('homeassistant/sensor/alpr_home_gate/list/config')).toMatchObject({
      value_template: '{{ value_json.list }}',
    });
    await expect
      .poll(() => jsonOf('alpr/cameras/gate/last'))
      .toMatchObject({ plate: 'HA1', list: 'staff', entry: 'Ada <Lovelace>' });
    expect(textOf('alpr/cameras/gate/rules/gate')).toBe('ON');
    await channel.send(makeMessage({ kind: 'withdrawn' }));
    await expect.poll(() => textOf('alpr/cameras/gate/rules/gate')).toBe('OFF');
    // Whoever comes later gets what is retained.
    const late = await connectAsync(broker.url, { protocolVersion: 5 });
    const kept: string[] = [];
    late.on('message', (topic) => kept.push(topic));
    await late.subscribeAsync('homeassistant/#');
    await expect.poll(() => kept.length).toBe(3);
    await late.endAsync(true);
  });
});
