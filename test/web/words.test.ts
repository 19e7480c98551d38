import { describe, expect, it } from 'vitest';
import { explainError } from '../../src/web/data/explain-error.ts';
import { RequestError } from '../../src/web/data/request.ts';
import { explainDrop, explainRejection } from '../../src/web/frames.ts';
import { messages } from '../../src/web/languages/en/messages.ts';
import { chooseLocale } from '../../src/web/languages/languages.ts';
import { findNeighbours } from '../../src/web/read/neighbours.ts';
import { explainReason } from '../../src/web/search/explain-reason.ts';
import { createWords, gradeConfidence } from '../../src/web/words.ts';
import { toLocal, toUtc } from '../../src/web/zoned-time.ts';

const WORDS = createWords({ t: messages, locale: 'en-GB', zone: 'UTC' });

describe('words and numbers for people', () => {
  it('a number that rounds to zero has no sign', () => {
    expect([-0.016, -0.06].map((value) => WORDS.number(value, 1))).toEqual(['0.0', '-0.1']);
  });

  it.each([
    [0, '0%'],
    [0.001, '<1%'],
    [0.314, '31%'],
    [0.99, '99%'],
    [0.9917, '99.1%'],
    [0.99999, '99.9%'],
    [1, '100%'],
  ])('%d is %s, and only certainty is 100%%', (p, words) => {
    expect(WORDS.percent(p)).toBe(words);
  });

  it.each([
    [0.314, '31%', '31%'],
    [0.999, '99.9%', '99.9%'],
    [0.9996, '>99.9%', 'over 99.9%'],
    [1, '>99.9%', 'over 99.9%'],
  ])('a read is right with a likelihood of %d: %s, or %s in a sentence', (p, figure, sentence) => {
    expect([WORDS.likelihood(p), WORDS.likelihoodInWords(p)]).toEqual([figure, sentence]);
  });

  it.each([
    [['de-AT', 'en-GB'], 'en-GB'],
    [['en-US@posix'], 'en'],
    [['en-US@posix', 'en-IE'], 'en-IE'],
  ])('of the tags %j, %s writes English dates', (tags, locale) => {
    expect(chooseLocale('en', tags)).toBe(locale);
  });

  it.each([
    [-500, 'now'],
    [1_000, 'now'],
    [59_000, '59 s'],
    [60_000, '1 min'],
    [3_599_000, '59 min'],
    [86_399_000, '23 h'],
    [172_800_000, '2 d'],
  ])('%d ms ago is %s', (ago, words) => {
    expect(WORDS.ago(1_000_000_000, 1_000_000_000 + ago)).toBe(words);
  });

  it.each([
    [8.44, '8.4 ms'],
    [230.4, '230 ms'],
    [2_100, '2.1 s'],
    [200_000, '3 min 20 s'],
    [4_320_000, '1 h 12 min'],
    [59_960, '1 min 0 s'],
    [119_600, '2 min 0 s'],
    [3_599_900, '1 h 0 min'],
  ])('a duration of %d ms is %s', (ms, words) => {
    expect(WORDS.duration(ms)).toBe(words);
  });

  it.each([
    [0, 'to the right, 0°'],
    [22, 'to the right, 22°'],
    [45, 'to the right and down, 45°'],
    [90, 'down, 90°'],
    [180, 'to the left, 180°'],
    [239, 'to the left and up, 239°'],
    [270, 'up, 270°'],
    [350, 'to the right, 350°'],
    [null, 'unknown'],
  ])('a direction of %s degrees is %s', (degrees, words) => {
    expect(WORDS.direction(degrees)).toBe(words);
  });

  it.each([
    [0.9, 'high'],
    [0.89, 'medium'],
    [0.7, 'medium'],
    [0.69, 'low'],
  ])('%d is trusted as %s', (p, grade) => {
    expect(gradeConfidence(p)).toBe(grade);
  });

  it.each([
    [{ kind: 'exact', distance: 0, detail: '' }, 'exactly this'],
    [{ kind: 'lookalike', distance: 1, detail: '8↔B at 3' }, 'look-alike 8↔B at 3'],
    [{ kind: 'edit', distance: 1, detail: 'X↔Y at 2' }, '1 edit: X↔Y at 2'],
    [{ kind: 'edit', distance: 2, detail: null }, '2 edits'],
    [
      { kind: 'candidate', distance: 4, detail: 'read as AB12CDE, corrected to AB12CDF' },
      'read as AB12CDE, corrected to AB12CDF',
    ],
    [{ kind: 'prefix', distance: 3, detail: 'begins with AB' }, 'starts with it'],
    [{ kind: 'something_new' }, 'something new'],
  ])('the reason %j is told as "%s"', (reason, words) => {
    expect(explainReason(reason, WORDS)).toBe(words);
  });

  it.each([
    ['too_small', 'Characters too small'],
    ['blur', 'Too blurred'],
    ['low_score', 'Plate uncertain'],
    ['empty', 'Nothing read'],
    ['outvoted', 'Read a different text'],
    ['throttled', 'Skipped to save work'],
    ['something_new', 'Not used: something new'],
  ])('a frame that did not count because of %s is told as "%s"', (reason, words) => {
    expect(explainRejection(reason, WORDS)).toBe(words);
  });

  it.each([
    ['queue', 'Skipped to keep up'],
    ['late', 'Missed by a busy machine'],
    ['failed', 'Could not be processed'],
    ['something_new', 'Skipped: something new'],
  ])('frames that were not processed because of %s are told as "%s"', (reason, words) => {
    expect(explainDrop(reason, WORDS)).toBe(words);
  });

  it.each([
    ['The value of id in the address does not fit: expected a UUID', /^There is no read with this address\.$/],
    ['The value of from in the query does not fit: expected a time with its offset', /“From”/],
    ['The value of to in the query does not fit: expected a year from 1900 to 2199', /“To”/],
    ['The value of min_confidence in the query does not fit: expected a number', /from 0 to 1/],
    ['The value of camera in the query does not fit: expected at most 64 characters', /^The camera/],
    ['The value of q in the query does not fit: expected at most 64 characters', /^A search takes/],
    ['The value of cursor in the query does not fit: expected at most 512 characters', /^This list has changed/],
    ['The value of text in the address does not fit: expected letters and digits', /^This plate has no letters/],
    ['The value of new in the query does not fit: expected at most 3', /^A value in the address does not fit\.$/],
    [
      'The query does not fit: expected nothing named x; /docs lists what there is',
      /^A value in the address does not fit\.$/,
    ],
    ['Expected 1 to 32 letters and digits', /^Expected 1 to 32 letters and digits$/],
  ])('the error "%s" of the API is told in plain words', (message, words) => {
    const told = explainError(new RequestError('INPUT_INVALID', message), WORDS);
    expect(told.message).toMatch(words);
    expect(told).toMatchObject({ code: 'INPUT_INVALID', again: false });
  });

  it('offers to ask again only what may succeed later', () => {
    expect(explainError(new RequestError('UNREACHABLE', 'The server does not answer.'), WORDS).again).toBe(true);
    expect(explainError(new RequestError('NOT_FOUND', 'There is no such event.'), WORDS).again).toBe(false);
    expect(explainError(new TypeError('broken'), WORDS)).toEqual({ code: 'PAGE', message: 'broken', again: true });
  });

  it('a sentence of the server has its times on the clock of the reader', () => {
    const berlin = createWords({ t: messages, locale: 'en-GB', zone: 'Europe/Berlin' });
    expect(berlin.localTimes('topics: until 2026-07-01T12:00:00.000Z')).toBe('topics: until 1 Jul 2026, 14:00');
  });

  it('a conflict names what stands in the way, in the sentence of the server', () => {
    const held = 'Expected no hold on it, there is the hold of Ada; end the hold before erasing';
    expect(explainError(new RequestError('CONFLICT', held), WORDS).message).toBe(held);
  });

  it.each([
    [['a', 'b', 'c'], 'b', { previous: 'a', next: 'c' }],
    [['a', 'b'], 'a', { next: 'b' }],
    [['a', 'b'], 'b', { previous: 'a' }],
    [['a', 'b'], 'x', {}],
  ])('beside a read in the list %j at %s lie %j', (ids, id, neighbours) => {
    expect(findNeighbours(ids, id)).toEqual(neighbours);
  });

  it.each([
    ['2026-03-01T13:30', 'Asia/Kolkata', '2026-03-01T08:00:00.000Z'],
    ['2026-07-01T12:00:05', 'Europe/Berlin', '2026-07-01T10:00:05.000Z'],
    // The night in which clocks went from 2 to 3.
    ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-03-29T01:30', 'Europe/Berlin', '2026-03-29T00:30:00.000Z'],
    ['2026-01-15T00:00', 'America/Sao_Paulo', '2026-01-15T03:00:00.000Z'],
  ])('%s on a clock in %s is %s, and back', (local, zone, utc) => {
    expect(toUtc(local, zone)).toBe(utc);
    expect(toLocal(utc, zone)).toBe(local);
  });

  it('leaves what is no time as it is', () => {
    for (const text of ['', 'yesterday', '2026-99-01T00:00']) expect(toUtc(text, 'UTC')).toBe(text);
  });
});
