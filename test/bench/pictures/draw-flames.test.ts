import { expect, test } from 'vitest';
import { drawFlames } from '../../../bench/pictures/draw-flames.ts';

const STACKS = new Map([
  ['detector;libonnxruntime;Conv', 60],
  ['detector;copy (onnx-worker)', 20],
  ['reader', 20],
]);

test('a frame is as wide as its share and is named with its milliseconds', () => {
  const picture = drawFlames(STACKS, 0.1);
  const widths = new Map(
    [...picture.matchAll(/<title>(.*?)<\/title><rect class="c\d" x="[\d.]+" y="\d+" width="([\d.]+)"/g)].map(
      ([, title = '', width]) => [title, Number(width)],
    ),
  );
  expect(widths.get('a picture, 10.00 ms')).toBeCloseTo(1200, -1);
  expect(widths.get('detector, 8.00 ms')).toBeCloseTo(960, -1);
  expect(widths.get('Conv, 6.00 ms')).toBeCloseTo(720, -1);
  expect(widths.get('reader, 2.00 ms')).toBeCloseTo(240, -1);
});

test('names cannot break the picture', () => {
  expect(drawFlames(new Map([['a<b>&c', 1]]), 1)).toContain('<title>a&lt;b&gt;&amp;c, 1.00 ms</title>');
});
