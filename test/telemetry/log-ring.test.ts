import { expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { LogRing } from '../../src/telemetry/log-ring.ts';

const nowhere = { write: () => undefined, isTerminal: false, hasColours: false };

test('the newest lines of a log are told from a level on, with a text, and from a number on', () => {
  const ring = new LogRing();
  const log = createLog({ level: 'info' }, nowhere, (line) => ring.add(line));
  log.debug({}, 'too fine to be written');
  log.info({ camera_id: 'gate' }, 'an event is spooled');
  log.warn({ err: new Error('No route to host') }, 'the broker is away');
  const messagesOf = (query: object) =>
    ring.read({ level: 'debug', limit: 100, ...query }).lines.map(({ number, message }) => `${number} ${message}`);
  expect(messagesOf({})).toEqual(['1 an event is spooled', '2 the broker is away']);
  expect(messagesOf({ level: 'warn' })).toEqual(['2 the broker is away']);
  expect(messagesOf({ contains: 'GATE' })).toEqual(['1 an event is spooled']);
  expect(messagesOf({ contains: 'no route' })).toEqual(['2 the broker is away']);
  expect(messagesOf({ after: 1 })).toEqual(['2 the broker is away']);
  expect(messagesOf({ limit: 1 })).toEqual(['2 the broker is away']);
  // What was shown before the process began anew.
  expect(messagesOf({ after: 900 })).toHaveLength(2);
  const [first, second] = ring.read({ level: 'info', limit: 9 }).lines;
  expect(first).toMatchObject({ level: 'info', facts: { camera_id: 'gate' } });
  expect(second?.facts.err).toEqual({ type: 'Error', message: 'No route to host' });
});

test('a log of any length takes no more than the given room, and keeps the newest', () => {
  const ring = new LogRing(10_000);
  const log = createLog({ level: 'info' }, nowhere, (line) => ring.add(line));
  for (let number = 1; number <= 1000; number += 1) log.info({ number }, 'a line of about a hundred characters');
  const { lines, newest } = ring.read({ level: 'info', limit: 1000 });
  expect(newest).toBe(1000);
  expect(lines.at(-1)).toMatchObject({ number: 1000, facts: { number: 1000 } });
  expect(lines.length).toBeGreaterThan(40);
  expect(lines.length).toBeLessThan(120);
});
