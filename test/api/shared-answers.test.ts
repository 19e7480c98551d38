import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SharedAnswers } from '../../src/api/shared-answers.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Each answer takes 50 ms and is the number of times that one was found. */
function askers() {
  const answers = new SharedAnswers<number>();
  let found = 0;
  const find = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    found += 1;
    return found;
  };
  return (question: string) => answers.share(question, find);
}

test('Whoever asks the same while it is being answered, or within ten times as long, shares the answer', async () => {
  const ask = askers();
  const asked = Promise.all([ask('all'), ask('all')]);
  await vi.advanceTimersByTimeAsync(50);
  expect(await asked).toEqual([1, 1]);
  const other = ask('north');
  await vi.advanceTimersByTimeAsync(50);
  expect(await other).toBe(2);
  await vi.advanceTimersByTimeAsync(440);
  expect(await ask('all')).toBe(1);
});

test('The next answer is found while the last one is still given, and nobody gets one older than twice that', async () => {
  const ask = askers();
  void ask('all');
  await vi.advanceTimersByTimeAsync(50 + 510);
  expect(await ask('all')).toBe(1);
  await vi.advanceTimersByTimeAsync(60);
  expect(await ask('all')).toBe(2);
  await vi.advanceTimersByTimeAsync(1010);
  const late = ask('all');
  await vi.advanceTimersByTimeAsync(50);
  expect(await late).toBe(3);
});

test('A failure is told to all who wait and asked anew by the next', async () => {
  const answers = new SharedAnswers<string>();
  const fail = () => answers.share('x', () => Promise.reject(new Error('away')));
  expect(await Promise.allSettled([fail(), fail()])).toMatchObject([
    { reason: { message: 'away' } },
    { reason: { message: 'away' } },
  ]);
  expect(await answers.share('x', async () => 'back')).toBe('back');
});

test('An answer that took long once is not given any longer than a quick one', async () => {
  const answers = new SharedAnswers<number>();
  const ask = async (tookMs: number) => {
    const answer = answers.share('x', () => new Promise((resolve) => setTimeout(() => resolve(tookMs), tookMs)));
    await vi.advanceTimersByTimeAsync(tookMs);
    return answer;
  };
  expect(await ask(5)).toBe(5);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await ask(30_000)).toBe(30_000);
  await vi.advanceTimersByTimeAsync(101);
  expect(await ask(6)).toBe(6);
});
