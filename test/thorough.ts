/** Whether this is `npm run test:thorough`, which tries all that a property says, and what takes minutes; `npm test` tries a share of it. */
export const THOROUGH = process.env.MODE === 'thorough';

/** All cases in `npm run test:thorough`, and those at these places in `npm test`. */
export function chooseCases<Case>(all: readonly Case[], ...places: readonly number[]): readonly Case[] {
  return THOROUGH ? all : all.filter((_, place) => places.includes(place));
}
