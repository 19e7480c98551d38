import type { Messages } from '../messages.ts';
import { account, entrance } from './account.ts';
import { audit, purpose } from './audit.ts';
import { errors, frame } from './frame.ts';
import { people, tokens } from './people.ts';
import { live, read, search } from './reads.ts';
import { system } from './system.ts';

/** Every text of the page in German. */
export const messages = {
  frame,
  errors,
  live,
  read,
  search,
  system,
  entrance,
  account,
  people,
  tokens,
  audit,
  purpose,
} satisfies Messages;
