import { expect, test } from 'vitest';
import { createTexts, isRight, listPassingScenes, playPassingScene } from '../../tools/evaluate/passing-scenes.ts';
import { THOROUGH } from '../thorough.ts';

test('No vehicle is lost and none is doubled: every pair of gap, offset, similarity and frame rate', async () => {
  const wrong: string[] = [];
  // One in 5 of few frames, one in 23 of many: the steps share no factor with the lengths of the lists, so that each value is met.
  const scenes = listPassingScenes().filter(({ fps }, index) => THOROUGH || index % (fps <= 3 ? 5 : 23) === 0);
  for (const scene of scenes) {
    const finals = await playPassingScene(scene);
    if (!isRight(scene, finals)) wrong.push(`${JSON.stringify(scene)} gave ${finals.join(' ')}`);
  }
  expect(wrong).toEqual([]);
}, 600_000);

test('Two cars at a barrier, one second apart before a camera of one picture a second, are two events', async () => {
  const scene = { stops: true, fps: 1, seconds: 4, gap: 0, offset: 0.2, confidence: 0.99 } as const;
  expect((await playPassingScene({ ...scene, texts: ['PP587AO', 'RK115AN'] })).toSorted()).toEqual([
    'PP587AO',
    'RK115AN',
  ]);
});

test('A moving car that is hidden for three seconds is one event', async () => {
  const scene = { stops: false, fps: 10, seconds: 2, gap: 3, offset: 0, confidence: 0.99 } as const;
  expect(await playPassingScene({ ...scene, texts: ['PP587AO', 'PP587AO'] })).toEqual(['PP587AO']);
});

test('A plate whose looks disagree without a break stays one event', async () => {
  const scene = { stops: false, fps: 10, seconds: 2, gap: 0, offset: -0.12, confidence: 0.95 } as const;
  expect(await playPassingScene({ ...scene, texts: createTexts(4) })).toHaveLength(1);
});
