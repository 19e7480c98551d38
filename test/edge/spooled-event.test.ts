import { expect, test } from 'vitest';
import { Raw } from '../../src/bus/bus.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { addTrace, readSpooled } from '../../src/edge/spooled-event.ts';
import { makeEvent } from '../store/make-event.ts';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('An event that was spooled without a trace, as earlier versions do, is read as it is', () => {
  const event = makeEvent();
  expect(readSpooled(encodeEvent(event))).toEqual({ content: event, isTraced: false });
});

test('The trace of a spooled event stands beside its fields and is taken out again', () => {
  const event = makeEvent();
  const payload = addTrace(encodeEvent(event), PARENT);
  expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ ...event, traceparent: PARENT });
  expect(readSpooled(payload)).toEqual({ content: event, isTraced: true });
});

test('What is no event goes out as its bytes', () => {
  const payload = Buffer.from('{"camera_id":"gate","traceparent":');
  expect(readSpooled(payload)).toEqual({ content: new Raw({ key: 'gate', value: payload }), isTraced: false });
});
