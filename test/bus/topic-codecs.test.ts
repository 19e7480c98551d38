import { expect, test } from 'vitest';
import { createTopicCodecs } from '../../src/bus/topic-codecs.ts';
import { ALERT_AVSC, AlertCodec } from '../../src/contract/alert-codec.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { EventCodec } from '../../src/contract/event-codec.ts';
import { createEvent } from '../contract/events.ts';
import { makeAlert, makeSystemAlert } from '../contract/make-alert.ts';

const metrics = {
  schema_version: 1,
  site_id: 'home',
  service: 'edge',
  instance: 'one',
  at: '2026-11-21T10:00:00.000Z',
  every_s: 15,
  values: [{ name: 'alpr_bus_up', help: 'Up', labels: {}, value: 1 }],
};
const watch = { cameras: ['gate'], for_ms: 1000 };
const event = createEvent({ text: 'AB12CDE' });
const newer = { ...event, colour: 'red', plate: { ...event.plate, wholeness: 1, state: { code: 'X' } } };

test('What a newer version adds to JSON is left out and counted, on every topic', () => {
  let ignored = 0;
  const note = (fields: number) => {
    ignored += fields;
  };
  const codecs = createTopicCodecs(new EventCodec({ format: 'json', onIgnored: note }), { note });
  const messageOf = (content: object, headers = {}) => ({
    topic: 'any',
    key: 'gate',
    value: Buffer.from(JSON.stringify(content)),
    headers,
  });
  expect(codecs.plates.decode(messageOf(newer))).toEqual(event);
  expect(ignored).toBe(3);
  const value = { ...metrics.values[0], unit: 'one' };
  expect(codecs.metrics.decode(messageOf({ ...metrics, host: 'a', values: [value] }))).toEqual(metrics);
  expect(codecs.watch.decode(messageOf({ ...watch, quality: 3 }))).toEqual(watch);
  expect(ignored).toBe(6);
});

test('What is known is checked as before, and nothing is counted', () => {
  const codecs = createTopicCodecs(new EventCodec({ format: 'json', onIgnored: () => expect.unreachable() }));
  const decode = (value: Uint8Array) => codecs.plates.decode({ topic: 'plates', key: 'gate', value, headers: {} });
  expect(decode(encodeEvent(event))).toEqual(event);
  expect(() => decode(Buffer.from(JSON.stringify({ ...newer, camera_id: '' })))).toThrow(/camera_id/);
});

test('An alert is the same behind Avro and behind JSON, and one that is none is refused', async () => {
  const schemas = { numberOf: async () => 7, schemaOf: async () => ALERT_AVSC };
  for (const format of ['avro', 'json'] as const) {
    const alerts = new AlertCodec({ format, schemas });
    const { alerts: codec } = createTopicCodecs(new EventCodec({ format: 'json' }), { alerts });
    await codec.prepare();
    for (const alert of [makeAlert(), makeSystemAlert()]) {
      const message = { topic: 'alerts', key: codec.keyOf(alert), ...codec.encode(alert) };
      expect(await codec.learn([message])).toEqual([]);
      expect(message.key).toBe(alert.rule.id);
      expect(codec.decode(message)).toEqual(alert);
    }
    const odd = { ...makeAlert(), status: 'doubted' } as never;
    const message = { topic: 'alerts', key: '', ...codec.encode(odd) };
    expect(() => codec.decode(message)).toThrow(/Expected an Alert .*status/);
  }
});
