import { z } from 'zod';

const share = z.number().min(0).max(1).meta({ unit: 'share' });
const point = z.tuple([share, share]);
const name = z.string().trim().min(1).max(64);

/** An area of the picture: its corners in shares of width and height from the top left. */
export const area = z.array(point).min(3).max(64);

const zone = z.strictObject({
  id: name.describe('Name of the zone in events, searches and rules, such as `Loading bay`.'),
  area: area.describe('Corners of the zone, `[x, y]` in shares of the width and height from the top left.'),
});

const line = z.strictObject({
  id: name.describe('Name of the line in events, such as `gate`.'),
  points: z
    .tuple([point, point])
    .describe('Both ends of the line, `[x, y]` in shares of the width and height from the top left.'),
  directions: z
    .tuple([name, name])
    .default(['in', 'out'])
    .describe(
      'Names of the two directions: from the left to the right of whoever looks along the line from its first end to its second, and back. A line drawn from left to right has the first one for vehicles that come down in the picture.',
    ),
});

/** What is drawn on the picture of a camera. */
export const markings = {
  zones: z
    .array(zone)
    .max(32)
    .refine(haveOwnIds, 'expected zones of different names')
    .default([])
    .describe(
      'Areas with a name: events say in which of them the plate was, and for how long. The camera must not move.',
    ),
  lines: z
    .array(line)
    .max(32)
    .refine(haveOwnIds, 'expected lines of different names')
    .default([])
    .describe('Lines across the road: events say which of them the plate crossed, and in which direction.'),
};

function haveOwnIds(marked: readonly Readonly<{ id: string }>[]): boolean {
  return new Set(marked.map(({ id }) => id)).size === marked.length;
}
