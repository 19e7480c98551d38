import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AlprError } from '../../src/base/errors.ts';
import { createLog, type LogConfig, type LogTarget } from '../../src/base/log.ts';

/** What is written to a pipe, a terminal or a terminal with colours. */
function record(config: Partial<LogConfig>, place: Partial<LogTarget> = {}) {
  const lines: string[] = [];
  const target = { write: (text: string) => lines.push(text), isTerminal: false, hasColours: false, ...place };
  return { log: createLog({ level: 'info', ...config }, target), lines };
}

const SRC = join(import.meta.dirname, '..', '..', 'src');

const terminal = { isTerminal: true };
const TIME = /^\d\d:\d\d:\d\d /;

describe('The log', () => {
  test('writes one JSON object a line to a pipe or a file', () => {
    const { log, lines } = record({});
    log.child({ camera_id: 'gate' }).warn({ waiting: 3 }, 'the bus does not take events');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(JSON.parse(lines[0] as string)).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      camera_id: 'gate',
      waiting: 3,
      msg: 'the bus does not take events',
    });
  });

  test('writes local time, level, camera, what happens and facts to a terminal', () => {
    const { log, lines } = record({}, terminal);
    const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
    const before = clock.format();
    log.child({ camera_id: 'gate' }).warn({ waiting: 3, file: 'a b' }, 'the bus does not take events');
    expect([before, clock.format()]).toContain(lines[0]?.slice(0, 8));
    expect(lines[0]?.replace(TIME, '')).toBe('warn  [gate] the bus does not take events  waiting=3 file="a b"\n');
  });

  test('names the camera of an event as that of a child', () => {
    const { log, lines } = record({}, terminal);
    log.info({ camera_id: 'gate', revision: 2 }, 'an event is spooled');
    log.info({}, 'the database runs');
    expect(lines.map((line) => line.replace(TIME, ''))).toEqual([
      'info  [gate] an event is spooled  revision=2\n',
      'info  the database runs\n',
    ]);
  });

  test('says of an error its message and its cause on a terminal, and all of it in JSON', () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:9092');
    const err = new AlprError('BUS_UNAVAILABLE', 'The broker does not answer', { cause });
    const text = record({}, terminal);
    text.log.error({ err, waiting: 3 }, 'events wait');
    expect(text.lines[0]?.replace(TIME, '')).toBe(
      'error events wait: The broker does not answer: connect ECONNREFUSED 127.0.0.1:9092  waiting=3\n',
    );
    const json = record({});
    json.log.error({ err }, 'events wait');
    expect(JSON.parse(json.lines[0] as string).err).toMatchObject({
      code: 'BUS_UNAVAILABLE',
      stack: expect.stringContaining('log.test.ts'),
    });
  });

  test('shows the code of an error without a message', () => {
    const { log, lines } = record({}, terminal);
    const err = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    log.warn({ err }, 'the broker does not answer');
    expect(lines[0]).toMatch(/the broker does not answer: ECONNREFUSED\n$/);
  });

  test.each([
    ['text', {}, TIME],
    ['json', terminal, /^\{/],
    ['auto', {}, /^\{/],
    ['auto', terminal, TIME],
  ] as const)('with the format %s and the place %o it writes so', (format, place, start) => {
    const { log, lines } = record({ format }, place);
    log.info({}, 'the camera starts');
    expect(lines[0]).toMatch(start);
  });

  test('has colours only where the place has them', () => {
    const plain = record({}, terminal);
    const coloured = record({}, { ...terminal, hasColours: true });
    for (const { log } of [plain, coloured]) log.warn({ waiting: 3 }, 'the bus does not take events');
    expect(plain.lines[0]).not.toContain('\u001b');
    expect(coloured.lines[0]).toContain('\u001b[33mwarn \u001b[39m');
  });

  test('leaves out what is below its level', () => {
    const { log, lines } = record({ level: 'warn' });
    log.info({}, 'the camera starts');
    log.warn({}, 'the camera fails');
    expect(lines).toHaveLength(1);
  });

  test('has messages of one kind all over the sources: lower case, no full stop, nothing filled in', async () => {
    const messages: string[] = [];
    for await (const file of glob('**/*.ts', { cwd: SRC })) {
      const text = readFileSync(join(SRC, file), 'utf8');
      const calls = text.matchAll(/\b#?log\.(?:debug|info|warn|error)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g);
      for (const [call] of calls)
        messages.push(/(['`])((?:(?!\1).)*)\1,?\s*\)$/s.exec(call)?.[2] ?? `(not a literal) ${call}`);
    }
    expect(messages.length).toBeGreaterThan(60);
    expect(messages.filter((message) => !/^(?:[a-z]|[A-Z]\w*[A-Z])[^$]*[^.]$/.test(message))).toEqual([]);
  });
});
