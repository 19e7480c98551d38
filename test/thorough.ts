/** Whether this is `npm run test:thorough`, which tries all that a property says, and what takes minutes; `npm test` tries a share of it. */
export const THOROUGH = process.env.MODE === 'thorough';
